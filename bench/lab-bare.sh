#!/bin/bash
# The lab linux-ha as somebody would bring it up by hand, as root: the same hosts, scripts and kept copies, and nothing
# that makes it a lab (no locks, no state, no way back after a crash). lab-bare.sh LABS-FOLDER DIRECTORY; it ends with
# `ready`, and everything ends when its standard input does.
set -euo pipefail
lab=$1/linux-ha directory=$2
hosts=(pgpool1 postgres1 postgres2 postgres3)
declare -A address=([pgpool1]=192.168.1.231 [postgres1]=192.168.1.228 [postgres2]=192.168.1.229 [postgres3]=192.168.1.230)
programs=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
user=$(id -u postgres):$(id -g postgres)
cd "$directory"

# Files: keys, names, users, each host's own places.
for host in "${hosts[@]}"; do
  mkdir -p "$host"/{etc/ssh,files/{srv,home/postgres/.ssh,var/log/sshd,tmp}}
  ssh-keygen -q -t ed25519 -N '' -f "$host/etc/ssh/ssh_host_ed25519_key" &
  ssh-keygen -q -t ed25519 -N '' -C "postgres@$host" -f "$host/files/home/postgres/.ssh/id_ed25519" &
done
wait
mkdir -p pgpool1/files/{etc/pgpool2,var/log/pgpool}
for host in "${hosts[@]}"; do
  mkdir -p "$host"/files/srv/{log,archive}
  { echo '127.0.0.1 localhost'; for name in "${hosts[@]}"; do echo "${address[$name]} $name"; done; } >"$host/etc/hosts"
  printf '%s\n' root:x:0:0:root:/root:/bin/bash "postgres:x:$user:PostgreSQL:/home/postgres:/bin/bash" >"$host/etc/passwd"
  printf '%s\n' root:x:0: "postgres:x:${user#*:}:" >"$host/etc/group"
  environment="PATH=$programs:/usr/local/bin:/usr/bin:/bin:/usr/sbin PGUSER=postgres PGDATA=/srv/data"
  printf '%s\n' 'HostKey /etc/ssh/ssh_host_ed25519_key' 'PidFile none' "SetEnv $environment" >"$host/etc/ssh/sshd_config"
  cat */files/home/postgres/.ssh/id_ed25519.pub >"$host/files/home/postgres/.ssh/authorized_keys"
  for name in "${hosts[@]}"; do
    echo "$name,${address[$name]} $(<"$name/etc/ssh/ssh_host_ed25519_key.pub")"
  done >"$host/files/home/postgres/.ssh/known_hosts"
  chown -R "$user" "$host"/files/{srv,home/postgres,var/log/*} "$host/etc/ssh"
  chmod 700 "$host"/files/home/postgres{,/.ssh}
  chmod 1777 "$host/files/tmp"
done
chown "$user" pgpool1/files/etc/pgpool2

# Namespaces: a switch, and hosts that are plugged into it. Each says who it is when it is there.
mkfifo ready
exec {ready}<>ready
unshare --net --pid --fork --kill-child -- bash -euc 'read -r pid _ </proc/self/stat
  ip link add name switch type bridge forward_delay 0 mcast_snooping 0
  ip link set switch up
  echo "$pid" >ready
  exec sleep infinity' &
trap 'kill -KILL $(jobs -p)' EXIT
read -r -u "$ready" switch
begin() {
  read -r pid _ </proc/self/stat
  printf '%s\n' 'link set lo up' "link add eth0 type veth peer name $host netns /proc/$switch/ns/net" \
    "address add $1/24 dev eth0" 'link set eth0 up' | ip -batch -
  nsenter --net="/proc/$switch/ns/net" ip link set "$host" master switch up
  mount -t proc proc /proc
  hostname "$host"
  echo 0 >/proc/sys/net/ipv4/ip_unprivileged_port_start
  mount -t tmpfs tmpfs /run
  mkdir /run/postgresql /run/lab
  chown "$user" /run/postgresql
  cp -r "$lab/." /run/lab
  mount -t tmpfs tmpfs /dev/shm
  for file in "$host"/etc/*; do mount --bind "$file" "/etc/${file##*/}"; done
  if [ "$host" = pgpool1 ]; then mount --bind "$host/files/etc/pgpool2" /etc/pgpool2; fi
  for place in srv home var/log tmp; do mount --no-canonicalize --bind "$host/files/$place" "/$place"; done
  echo "$host $pid" >&"$ready"
  exec sleep infinity
}
export -f begin
export switch lab user ready
for host in "${hosts[@]}"; do
  host=$host unshare --net --mount --uts --ipc --pid --fork --kill-child -- bash -euc 'begin "$1"' begin "${address[$host]}" &
done
declare -A pid
for host in "${hosts[@]}"; do
  read -r -u "$ready" name number
  pid[$name]=$number
done

# on SCRIPT HOST...: a script of the lab on some hosts at once.
on() {
  local script=$1 host jobs=()
  shift
  for host in "$@"; do
    nsenter -t "${pid[$host]}" -m -u -i -p -n -S "${user%:*}" -G "${user#*:}" -- env -i HOME=/home/postgres \
      PATH="$programs:/usr/local/bin:/usr/bin:/bin:/usr/sbin" PGUSER=postgres PGDATA=/srv/data LANG=C.UTF-8 \
      PGPORT=$([ "$host" = pgpool1 ] && echo 9999 || echo 5432) \
      bash -euo pipefail -c "cd; $script" >>"$host/script.log" 2>&1 &
    jobs+=($!)
  done
  for job in "${jobs[@]}"; do wait "$job"; done
}
step() { local script=$1; shift; on "$(<"$lab/$script")" "$@"; }
keep() { local name=$1 host; shift; for host in "$@"; do cp -a "$host/files" "$host/$name" & done; wait $(jobs -p | tail -n $#); }

step write-passwords.sh "${hosts[@]}"
keep clean "${hosts[@]}"
step make-primary.sh postgres1
step make-standby.sh postgres2 postgres3
step stop-server.sh postgres1
step stop-server.sh postgres2 postgres3
keep replicating postgres1 postgres2 postgres3
step configure-pgpool.sh pgpool1
keep pgpool pgpool1
on '/usr/sbin/sshd -E /var/log/sshd/sshd.log' "${hosts[@]}"
step start-server.sh postgres1
step start-server.sh postgres2 postgres3
step await-standbys.sh postgres1
step start-pgpool.sh pgpool1
echo ready
read -r || true
