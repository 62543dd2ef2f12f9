# Ready means: both standbys receive, and have all there is. Asked over one connection: each is a process, and costs much in Wine.
if psql -h localhost -Atq -v ON_ERROR_STOP=1 <<'SQL'
do $$
begin
  for round in 1..600 loop
    perform pg_stat_clear_snapshot();
    if (select count(*) from pg_stat_replication where state = 'streaming' and replay_lsn = sent_lsn) = 2 then return; end if;
    perform pg_sleep(0.05);
  end loop;
  raise 'the standbys do not stream';
end $$
SQL
then exit 0; fi
psql -h localhost -c 'select application_name, state, sent_lsn, replay_lsn from pg_stat_replication'
exit 1
