# Pid 1 of a lab host, in namespaces of its own (keeper.ts): furnishes the host, says `ready`, and then reaps what is
# left to it until it is killed, with which the kernel ends everything else on the host.
# Arguments: its directory on this machine, the name of this life. Variables: the host's name, uid and gid of its login,
# the folder of its lab's files; on a Windows host the folder of what such hosts share, and what takes the place of /usr, if anything does; with a network the switch's pid, the name of its port there, and its address.
set -eu
# Whoever started us may be more secretive than a host's login can bear.
umask 022
directory=$1 life=$2
shopt -s nullglob
. "${BASH_SOURCE[0]%/*}/keeper-parts.sh"
note_keeper

if [ "${switch:-}" ]; then
  ip -batch - <<END
link set lo up
link add eth0 type veth peer name $port netns /proc/$switch/ns/net
address add $address dev eth0
link set eth0 up
END
  nsenter --net="/proc/$switch/ns/net" ip link set "$port" master switch up
fi

mount -t proc proc /proc
hostname "$host"
# The login's servers may take every port, as ssh's 22: they are this host's alone.
if [ "${switch:-}" ]; then echo 0 >/proc/sys/net/ipv4/ip_unprivileged_port_start; fi

mount -t tmpfs -o mode=755 tmpfs /run
mkdir -m 2775 /run/postgresql
chown "$uid:$gid" /run/postgresql
echo "$life" >/run/tejun
mkdir /run/lab
cp -r "$lab/." /run/lab
chmod -R a+rX /run/lab
if [ "${windows:-}" ]; then
  mkdir -m 1777 /run/cmd
  mkdir /run/windows
  mount --bind "$windows" /run/windows
  # An ordinary user may not change every mount; what is shared is then the login's own all the same.
  mount -o remount,bind,ro /run/windows 2>/dev/null || :
fi
# From here on all programs are another Debian's.
if [ "${usr:-}" ]; then
  mount --bind "$usr" /usr
  mount -o remount,bind,ro /usr 2>/dev/null || :
  hash -r
fi
mount -t tmpfs -o mode=1777 tmpfs /dev/shm
# Clusters of this machine are none of the host's business.
for cluster in /var/lib/postgresql /etc/postgresql; do
  if [ -d "$cluster" ]; then mount -t tmpfs -o mode=755 tmpfs "$cluster"; fi
done
# The paths stay relative and unresolved: once /tmp or /home is covered, absolute ones may no longer lead here.
for file in etc/*; do
  if [ -e "/$file" ]; then mount --no-canonicalize --bind "$file" "/$file"; fi
done
for own in $(<mounts); do
  if [ -d "/$own" ]; then mount --no-canonicalize --bind "files/$own" "/$own"; fi
done
reap
