# Pid 1 of a lab host, in namespaces of its own (see keeper.ts): furnishes the host, says `ready`, and then reaps what
# is left to it until it is killed, with which the kernel ends everything else on the host.
# Arguments: the host's name, its directory on this machine, the name of this life, uid and gid of its login.
set -eu
# Whoever started us may be more secretive than a host's login can bear.
umask 022
host=$1 directory=$2 life=$3 uid=$4 gid=$5
shopt -s nullglob

# /proc is still this machine's, so this is the pid that the runner knows. proc(5): field 22 is the start time.
read -r stat </proc/self/stat
read -r boot </proc/sys/kernel/random/boot_id
fields=($stat)
cd "$directory"
printf '{"pid":%s,"startTime":"%s","boot":"%s","life":"%s"}' "${fields[0]}" "${fields[21]}" "$boot" "$life" >keeper.new
mv keeper.new keeper.json

mount -t proc proc /proc
hostname "$host"

mount -t tmpfs -o mode=755 tmpfs /run
mkdir -m 2775 /run/postgresql
chown "$uid:$gid" /run/postgresql
echo "$life" >/run/tejun
mkfifo -m 600 /run/tejun.wait
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
cd /

exec {wait}<>/run/tejun.wait
echo ready
exec </dev/null >/dev/null 2>&1
while :; do read -r -u "$wait" || :; done
