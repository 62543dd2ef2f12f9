# Ready means: the one standby that is left receives, and has all there is.
for ((SECONDS = 0; SECONDS < 30; )); do
  who=$(psql -h localhost -Atc "select application_name from pg_stat_replication where state = 'streaming' and replay_lsn = sent_lsn")
  if [ "$who" = postgres3 ]; then exit 0; fi
  sleep 0.05
done
psql -h localhost -c 'select application_name, state, sent_lsn, replay_lsn from pg_stat_replication'
echo 'postgres3 does not stream' >&2
exit 1
