# Ready means: both standbys receive, and have all there is.
for ((SECONDS = 0; SECONDS < 30; )); do
  count=$(psql -h localhost -Atc "select count(*) from pg_stat_replication where state = 'streaming' and replay_lsn = sent_lsn")
  if [ "$count" = 2 ]; then exit 0; fi
  sleep 0.05
done
psql -h localhost -c 'select application_name, state, sent_lsn, replay_lsn from pg_stat_replication'
echo 'the standbys do not stream' >&2
exit 1
