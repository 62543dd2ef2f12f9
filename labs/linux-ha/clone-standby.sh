#!/bin/bash
# Makes this host a standby of the primary that is named: clone-standby.sh PRIMARY
# Whatever cluster was here is removed. That is why nothing calls it but an administrator, and Pgpool-II's
# follow_primary.sh for a standby whose primary is gone.
set -euo pipefail
primary=$1

# Pgpool-II may call a server primary that is none (pcp_promote_node): what is here may then be the only primary there is.
if ! recovery=$(psql --host="$primary" --username=pgpool --dbname=postgres -Atc 'select pg_is_in_recovery()'); then
  echo "no server answers on $primary; the cluster here is left as it is" >&2
  exit 1
fi
if [ "$recovery" != f ]; then
  echo "the server on $primary is no primary; the cluster here is left as it is" >&2
  exit 1
fi
if pg_ctl status --silent &>/dev/null; then pg_ctl stop --silent --mode=immediate; fi
rm -rf "$PGDATA"
# -R writes standby.signal and how to reach the primary; application_name is how the primary's views call this host.
pg_basebackup --dbname="host=$primary user=repl application_name=$(hostname)" --no-password \
  --pgdata="$PGDATA" --write-recovery-conf --wal-method=stream --checkpoint=fast --no-sync
pg_ctl start --wait --silent --log=/srv/log/start.log
