# -D: what an earlier Pgpool-II believed about the nodes is not true after a reset.
pgpool -D
log=/var/log/pgpool/pgpool.log
# It looks for the primary first. Asked sooner, it would ask all three servers in vain, and each connection is a process there.
until grep -qs 'successfully started' $log || ((SECONDS > 30)); do sleep 0.05; done
for ((SECONDS = 0; SECONDS < 30; )); do
  up=$(psql -Atc 'show pool_nodes' 2>/dev/null | cut -d '|' -f 4,7 | sort | tr '\n' ' ') || up=
  if [ "$up" = 'up|primary up|standby up|standby ' ]; then exit 0; fi
  sleep 0.05
done
tail -n 20 $log
echo 'Pgpool-II does not see three nodes up' >&2
exit 1
