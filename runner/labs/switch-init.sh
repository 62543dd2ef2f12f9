# Pid 1 of a lab's network, in namespaces of its own (network.ts): the switch that the hosts plug themselves into. What
# is made here is in this network namespace alone; the machine's own network never sees it.
# Arguments: its directory on this machine, the name of this life.
set -eu
directory=$1 life=$2
. "${BASH_SOURCE[0]%/*}/keeper-parts.sh"
note_keeper

# No delay: a port forwards as soon as it is plugged in.
ip -batch - <<END
link add name switch type bridge forward_delay 0 mcast_snooping 0
link set switch up
END

mount -t proc proc /proc
mount -t tmpfs -o mode=755 tmpfs /run
reap
