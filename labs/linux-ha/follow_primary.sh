#!/bin/bash
# Pgpool-II calls this after a failover for every node but the new primary: follow_primary.sh HOST NODE NEW-HOST OLD-MAIN OLD-PRIMARY
# A server that runs is cloned from the new primary and put back into service. One that does not run has failed, and one
# that cannot be reached may be anything: both are left to a person. Nothing is deleted that the new primary does not have.
set -uo pipefail
exec >>/var/log/pgpool/follow_primary.log 2>&1
source /etc/pgpool2/hosts.sh
host=$1 new_host=$3
# Without the blank that stands before it since Pgpool-II 4.4
read -r node <<<"$2"
say() { echo "$(date '+%F %T.%3N') node $node on $host $*"; }

# Up to three times: a busy host may refuse a login or a program, and not the next one.
thrice() { "$@" || { sleep 2; "$@"; } || { sleep 2; "$@"; }; }
ask_new_primary() {
  answer=$(psql "host=$new_host port=5432 user=pgpool dbname=postgres connect_timeout=10" -Atc 'select pg_is_in_recovery()')
}
ask_state() {
  answer=$(state)
  [[ $answer == "reached "* ]]
}
ask_clone() {
  answer=$(clone)
  [ -z "$answer" ] || echo "$answer"
  answer=${answer##*$'\n'}
  [[ $answer == cloned || $answer == "it does not stop" ]]
}
# Its answer is no sign, it is the same whatever becomes of the request. What the node is afterwards: 1 waiting, 2 up
attach() {
  pcp_attach_node --no-password --username=pgpool --node-id="$node" >/dev/null
  for ((SECONDS = 0; SECONDS < 20; )); do
    status=$(pcp_node_info --no-password --username=pgpool --node-id="$node" | cut -d ' ' -f 3)
    if [ "$status" = 1 ] || [ "$status" = 2 ]; then return 0; fi
    sleep 0.5
  done
  return 1
}
# Whether Pgpool-II still has the same primary: when this node's turn comes, it may be another one again.
is_present_primary() {
  local id count address role
  count=$(pcp_node_count --no-password --username=pgpool)
  for ((id = 0; id < count; id++)); do
    if [ "$id" -eq "$node" ]; then continue; fi
    read -r address _ _ _ _ _ role _ <<<"$(timeout 10 pcp_node_info --no-password --username=pgpool --node-id="$id")"
    if [ "$role" = primary ]; then [ "$address" = "$new_host" ]; return; fi
  done
  return 1
}

# As a standby asks its primary, over a connection for replication
ask_walsender() { psql "host=$new_host port=5432 user=repl dbname=replication replication=true connect_timeout=10" -At -F ' ' -c "$1"; }
tidy_history() { sed 's/^[0-9A-F]*\.history //; /^$/d'; }
# Whether the new primary has all that was committed in the cluster that is kept; if not, or unknown, `reason` says so.
primary_has_all() {
  local system timeline history contents last own own_history fork records missing
  reason='what it has could not be compared with the new primary'
  read -r system timeline _ <<<"$(ask_walsender IDENTIFY_SYSTEM)"
  history=$(ask_walsender "TIMELINE_HISTORY $timeline" | tidy_history) && [ "$history" ] || return
  contents=$(show_kept)
  last=$(grep -Ex '[0-9A-F]{24}' <<<"$contents" | sort | tail -n 1) && [ "$last" ] || return
  own=${last:0:8}
  if ! grep -qE "^Database system identifier: +$system\$" <<<"$contents"; then
    reason='it is not a copy of the same database'
    return 1
  fi
  # A timeline is known by the way to it: two servers that were promoted on their own have the same number.
  if [ "$own" != 00000001 ]; then
    own_history=$(history_file "$own" | tidy_history) && [ "$own_history" ] || return
    if [[ $history != "$own_history"* ]]; then
      reason="its timeline $own is another one than in the history of the new primary"
      return 1
    fi
  fi
  # The place at which the new primary's history has left it
  fork=$(awk -v timeline=$((16#$own)) '$1 == timeline { print $2 }' <<<"$history")
  if [ -z "$fork" ]; then
    reason="its timeline $own is not in the history of the new primary"
    return 1
  fi
  records=$(wal_records $((16#$own)) "$fork" 2>&1 | grep -E '^rmgr: (Transaction|LogicalMessage) |^pg_waldump: ')
  if grep -q '^rmgr' <<<"$records"; then
    reason="after $fork transactions ended here of which the new primary knows nothing"
    return 1
  fi
  # WAL ends where no valid record comes any more, or with the last file: pg_waldump calls both an error.
  missing=$(sed -nE 's/.*could not (find|open) file "([0-9A-F]{24})".*/\2/p' <<<"$records")
  if [ "$missing" ]; then [[ $missing > $last ]]; return; fi
  grep -qE 'error in WAL record at|could not find a valid record after' <<<"$records"
}

if ! thrice ask_new_primary; then
  say "is left as it is: no server answers on $new_host"
  exit 1
elif [ "$answer" != f ]; then
  say "is left as it is: the server on $new_host is no primary"
  exit 1
fi
thrice ask_state
case $answer in
"reached running") ;;
"reached stopped") say "does not run: left alone"; exit 0 ;;
reached) say "does not tell whether it runs: left alone. It may run, even as a primary that takes writes: go and look"; exit 1 ;;
*) say "cannot be reached: left alone. It may run, even as a primary that takes writes: go and look"; exit 1 ;;
esac
if ! thrice is_present_primary; then
  say "is left as it is: Pgpool-II has another primary than $new_host by now"
  exit 1
fi

say "follows $new_host: cloning"
thrice ask_clone
if [ "$answer" != cloned ]; then
  say "could not be cloned (${answer:-no answer}): nothing was deleted. It may still run, even as a primary that takes writes: go and look"
  exit 1
fi
if ! primary_has_all; then
  say "may have more than $new_host: its old cluster is kept in $kept, since $reason"
elif remove_kept; then
  say "had nothing that $new_host does not have: its old cluster is removed"
else
  say "had nothing that $new_host does not have, but its old cluster could not be removed: $kept"
fi
if ! thrice attach; then
  say "follows $new_host, but Pgpool-II does not attach it: see pgpool.log"
  exit 1
fi
say "follows $new_host: attached"
