#!/bin/bash
# Makes this host a standby of the primary that is named: clone-standby.sh PRIMARY
# Whatever cluster was here is removed. That is why nothing calls it but an administrator, and Pgpool-II's
# follow_primary.sh for a standby whose primary is gone.
set -euo pipefail
primary=$1

if ! pg_isready --quiet --host="$primary"; then
  echo "no server answers on $primary; the cluster here is left as it is" >&2
  exit 1
fi
if pg_ctl status --silent &>/dev/null; then pg_ctl stop --silent --mode=immediate; fi
rm -rf "$PGDATA"
# -R writes standby.signal and how to reach the primary; application_name is how the primary's views call this host.
pg_basebackup --dbname="host=$primary user=repl application_name=$(hostname)" --no-password \
  --pgdata="$PGDATA" --write-recovery-conf --wal-method=stream --checkpoint=fast --no-sync
pg_ctl start --wait --silent --log=/srv/log/start.log
