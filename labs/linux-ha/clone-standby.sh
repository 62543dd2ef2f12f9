#!/bin/bash
# Makes this host a standby of the primary that is named: clone-standby.sh PRIMARY [KEPT]
# A cluster that is here already is stopped and moved to KEPT. Nothing of it is deleted: it may have what nobody else has.
# Its last line is "cloned"; without it, it was not.
set -euo pipefail
primary=$1 kept=${2:-}

# Pgpool-II may call a server primary that is none (pcp_promote_node): what is here may then be the only primary there is.
if ! recovery=$(psql --host="$primary" --username=pgpool --dbname=postgres -Atc 'select pg_is_in_recovery()'); then
  echo "no server answers on $primary; the cluster here is left as it is" >&2
  exit 1
fi
if [ "$recovery" != f ]; then
  echo "the server on $primary is no primary; the cluster here is left as it is" >&2
  exit 1
fi
if [ -e "$PGDATA" ] && { [ -z "$kept" ] || [ -e "$kept" ]; }; then
  echo "a cluster is here already: name a new directory to keep it in" >&2
  exit 1
fi
if pg_ctl status --silent &>/dev/null && ! pg_ctl stop --silent --mode=immediate; then
  echo 'it does not stop'
  exit 1
fi

# The copy is made beside it: until it is complete, the old cluster stays where it is.
# -R writes standby.signal and how to reach the primary; application_name is how the primary's views call this host.
rm -rf "$PGDATA.new"
pg_basebackup --dbname="host=$primary user=repl application_name=$(hostname)" --no-password \
  --pgdata="$PGDATA.new" --write-recovery-conf --wal-method=stream --checkpoint=fast --no-sync
if pg_ctl status --silent &>/dev/null; then
  echo 'the server was started again during the copy; the cluster here is left as it is' >&2
  exit 1
fi
if [ -e "$PGDATA" ]; then mv "$PGDATA" "$kept"; fi
mv "$PGDATA.new" "$PGDATA"
pg_ctl start --wait --silent --log=/srv/log/start.log
echo cloned
