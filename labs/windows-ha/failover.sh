#!/bin/bash
# Pgpool-II calls this when it has given up a node: failover.sh FAILED OLD-PRIMARY NEW-MAIN NEW-HOST NEW-DATA
# If the primary is gone, the node that Pgpool-II has chosen is promoted. A standby's end needs nothing.
set -uo pipefail
exec >>/var/log/pgpool/failover.log 2>&1
failed=$1 old_primary=$2 new_main=$3 new_host=$4 new_data=$5
say() { echo "$(date '+%F %T.%3N') $*"; }

if [ "$failed" != "$old_primary" ]; then
  say "node $failed is gone; it was a standby, nothing is promoted"
  exit 0
fi
if [ "$new_main" -lt 0 ]; then
  say "node $failed is gone; it was the primary, and no node is left to promote"
  exit 1
fi
say "node $failed is gone; it was the primary: promoting node $new_main on $new_host"
# BatchMode: better an error in the log than a question that nobody answers. The command is the report's: cmd reads it.
ssh -o BatchMode=yes -o ConnectTimeout=5 -T "Administrator@$new_host" \
  '"C:/PostgreSQL/15/bin/pg_ctl" -s -D "'"$new_data"'" promote'
status=$?
say "promotion of node $new_main ended with $status"
exit $status
