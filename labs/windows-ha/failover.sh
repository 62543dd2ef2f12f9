#!/bin/bash
# Pgpool-II calls this when it has given up a node: failover.sh FAILED OLD-PRIMARY NEW-MAIN NEW-HOST NEW-DATA
# If the primary is gone, the node that Pgpool-II has chosen is promoted. A standby's end needs nothing.
set -uo pipefail
exec >>/var/log/pgpool/failover.log 2>&1
source /etc/pgpool2/hosts.sh
say() { echo "$(date '+%F %T.%3N') $*"; }

# Numbers are compared as numbers: since Pgpool-II 4.4 they come with a blank before them, and as text " 0" is not "0".
read -r failed <<<"$1"
read -r old_primary <<<"$2"
read -r new_main <<<"$3"
host=$4 data=$5
for number in "$failed" "$old_primary" "$new_main"; do
  if [[ ! $number =~ ^-?[0-9]+$ ]]; then
    say "called with '$number' for a node's number: nothing is promoted"
    exit 1
  fi
done

if [ "$failed" -ne "$old_primary" ]; then
  say "node $failed is gone; it was a standby, nothing is promoted"
  exit 0
fi
if [ "$new_main" -lt 0 ]; then
  say "node $failed is gone; it was the primary, and no node is left to promote"
  exit 1
fi
say "node $failed is gone; it was the primary: promoting node $new_main on $host"
case $(promote "$data") in
"reached promoted") say "node $new_main on $host is promoted" ;;
reached*) say "node $new_main on $host is NOT promoted: pg_ctl failed there"; exit 1 ;;
*) say "node $new_main on $host is NOT promoted: the host cannot be reached"; exit 1 ;;
esac
