# Without -D: it goes on with what it knew about the nodes, one line each, and node 0 is given up already.
printf '%s\n' down up up >/var/log/pgpool/pgpool_status
pgpool
for ((SECONDS = 0; SECONDS < 30; )); do
  nodes=$(psql -Atc 'show pool_nodes' 2>/dev/null | cut -d '|' -f 4,7 | tr '\n' ' ') || nodes=
  if [ "$nodes" = 'down|standby up|primary up|standby ' ]; then exit 0; fi
  sleep 0.05
done
tail -n 20 /var/log/pgpool/pgpool.log
echo 'Pgpool-II does not see node 0 down and the others up' >&2
exit 1
