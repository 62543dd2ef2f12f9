#!/bin/bash
# Pgpool-II calls this after a failover for every node but the new primary: follow_primary.sh HOST NODE NEW-HOST OLD-MAIN OLD-PRIMARY
# A standby that has lost its primary is cloned from the new one and put back into service. A node whose server does not
# run is left alone: it has failed, and a person decides what becomes of its data.
set -uo pipefail
exec >>/var/log/pgpool/follow_primary.log 2>&1
host=$1 node=$2 new_host=$3
say() { echo "$(date '+%F %T.%3N') $*"; }
on_host() { ssh -o BatchMode=yes -o ConnectTimeout=5 -T "Administrator@$host" "$@"; }

if ! on_host '"C:/PostgreSQL/15/bin/pg_ctl" -s -D "D:/data" status' >/dev/null; then
  say "node $node on $host does not run: left alone"
  exit 0
fi
say "node $node on $host follows $new_host: cloning"
if ! on_host 'C:\scripts\clone-standby.bat' "$new_host" "postgres$((node + 1))"; then
  say "node $node on $host could not be cloned"
  exit 1
fi
pcp_attach_node --no-password --username=pgpool --node-id="$node"
say "node $node on $host follows $new_host: attached ($?)"
