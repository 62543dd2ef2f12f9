#!/bin/bash
# The lab windows-ha as somebody would bring it up by hand, as root: the same hosts, template, scripts and kept copies, and
# nothing that makes it a lab (no locks, no state, no way back after a crash). windows-lab-bare.sh LAB-FOLDER DIRECTORY SHARED;
# SHARED is the folder of what Windows hosts share. It ends with `ready`, and everything ends when its standard input does.
set -euo pipefail
lab=$1 directory=$2 shared=$3
windows=(postgres1 postgres2 postgres3)
hosts=(pgpool1 "${windows[@]}")
declare -A address=([pgpool1]=192.168.1.231 [postgres1]=192.168.1.228 [postgres2]=192.168.1.229 [postgres3]=192.168.1.230)
programs=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
path=$programs:/usr/local/bin:/usr/bin:/bin:/usr/sbin
postgres=$(id -u postgres):$(id -g postgres) administrator=65534:65534
declare -A login=([pgpool1]=postgres) user=([pgpool1]=$postgres) shell=([pgpool1]=/bin/bash)
for host in "${windows[@]}"; do login[$host]=Administrator user[$host]=$administrator shell[$host]=/run/windows/login.sh; done
variables() {
  echo "HOME=/home/${login[$1]} USER=${login[$1]} LOGNAME=${login[$1]} PATH=$path PGUSER=postgres LANG=C.UTF-8 TZ=UTC"
  if [ "$1" = pgpool1 ]; then echo PGPORT=9999; else
    echo 'PGPORT=5432 PGDATA=D:\data WINEPREFIX=/srv/windows WINEPATH=C:\PostgreSQL\15\bin'
  fi
}
cd "$directory"

# Files: keys, names, users, each host's own places; a Windows cloned from the template.
for host in "${hosts[@]}"; do
  home=$host/files/home/${login[$host]}
  mkdir -p "$host"/{etc/ssh,files/{srv,var/log/sshd,tmp}} "$home/.ssh"
  ssh-keygen -q -t ed25519 -N '' -f "$host/etc/ssh/ssh_host_ed25519_key" &
  ssh-keygen -q -t ed25519 -N '' -C "${login[$host]}@$host" -f "$home/.ssh/id_ed25519" &
done
for host in "${windows[@]}"; do cp -a "$shared/template" "$host/files/srv/windows" & done
wait
mkdir -p pgpool1/files/{etc/pgpool2,var/log/pgpool}
for host in "${windows[@]}"; do
  prefix=$host/files/srv/windows
  ln -s ../drive_c "$prefix/dosdevices/c:" && ln -s ../drive_d "$prefix/dosdevices/d:"
  ln -s ../drive_e "$prefix/dosdevices/e:" && ln -s /run/cmd "$prefix/dosdevices/t:"
  mkdir -p "$prefix"/{drive_c/{arc,PostgreSQL,users/Administrator/AppData/Roaming/postgresql},drive_d/log,drive_e}
  ln -s /run/windows/15 "$prefix/drive_c/PostgreSQL/15"
  mkdir -p "$prefix/drive_c/windows/system32/drivers/etc"
  ln -sf /etc/hosts "$prefix/drive_c/windows/system32/drivers/etc/hosts"
done
for host in "${hosts[@]}"; do
  home=$host/files/home/${login[$host]}
  { echo '127.0.0.1 localhost'; for name in "${hosts[@]}"; do echo "${address[$name]} $name"; done; } >"$host/etc/hosts"
  printf '%s\n' root:x:0:0:root:/root:/bin/bash "${login[$host]}:x:${user[$host]}::/home/${login[$host]}:${shell[$host]}" >"$host/etc/passwd"
  printf '%s\n' root:x:0: "${login[$host]}:x:${user[$host]#*:}:" >"$host/etc/group"
  printf '%s\n' 'HostKey /etc/ssh/ssh_host_ed25519_key' 'PidFile none' "SetEnv $(variables "$host" | tr '\n' ' ')" >"$host/etc/ssh/sshd_config"
  cat */files/home/*/.ssh/id_ed25519.pub >"$home/.ssh/authorized_keys"
  for name in "${hosts[@]}"; do
    echo "$name,${address[$name]} $(<"$name/etc/ssh/ssh_host_ed25519_key.pub")"
  done >"$home/.ssh/known_hosts"
  chown -hR "${user[$host]}" "$host"/files/{srv,home/*,var/log/*} "$host/etc/ssh"
  chmod 700 "$home" "$home/.ssh"
  chmod 1777 "$host/files/tmp"
done
chown "$postgres" pgpool1/files/etc/pgpool2

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
  mkdir /run/postgresql /run/lab /run/windows
  mkdir -m 1777 /run/cmd
  chown "$owner" /run/postgresql
  cp -r "$lab/." /run/lab
  mount --bind "$shared" /run/windows
  mount -t tmpfs -o mode=1777 tmpfs /dev/shm
  for file in "$host"/etc/*; do mount --bind "$file" "/etc/${file##*/}"; done
  if [ "$host" = pgpool1 ]; then mount --bind "$host/files/etc/pgpool2" /etc/pgpool2; fi
  for place in srv home var/log tmp; do mount --no-canonicalize --bind "$host/files/$place" "/$place"; done
  echo "$host $pid" >&"$ready"
  exec sleep infinity
}
export -f begin
export switch lab shared ready
for host in "${hosts[@]}"; do
  host=$host owner=${user[$host]} unshare --net --mount --uts --ipc --pid --fork --kill-child -- bash -euc 'begin "$1"' begin "${address[$host]}" &
done
declare -A pid
for host in "${hosts[@]}"; do
  read -r -u "$ready" name number
  pid[$name]=$number
done

# on SCRIPT HOST...: a script of the lab on some hosts at once; a batch file has become a script by then.
on() {
  local script=$1 host jobs=()
  shift
  for host in "$@"; do
    nsenter -t "${pid[$host]}" -m -u -i -p -n -S "${user[$host]%:*}" -G "${user[$host]#*:}" -- env -i $(variables "$host") \
      bash -euo pipefail -c "cd; $script" </dev/null >>"$host/script.log" 2>&1 &
    jobs+=($!)
  done
  for job in "${jobs[@]}"; do wait "$job"; done
}
step() { local script=$1; shift; on "$(<"$lab/$script")" "$@"; }
wine='/run/windows/wine.sh wineserver -p </dev/null &>/dev/null
/run/windows/wine.sh wine "C:\\windows\\system32\\cmd.exe" /c exit </dev/null &>/dev/null'
rest='/run/windows/wine.sh wineserver -k </dev/null &>/dev/null || :; /run/windows/wine.sh wineserver -w'
# What is in Wine's memory is written before the files are kept.
keep() {
  local name=$1 host copies=()
  shift
  if [ "$1" != pgpool1 ] || [ $# -gt 1 ]; then on "$rest" "${windows[@]}"; fi
  for host in "$@"; do
    cp -a "$host/files" "$host/$name" &
    copies+=($!)
  done
  wait "${copies[@]}"
}

on "$wine" "${windows[@]}"
step write-passwords.sh "${hosts[@]}"
keep clean "${hosts[@]}"
step make-cluster.bat postgres1
step make-primary.sh postgres1
step start-server.bat postgres1
step add-roles.sh postgres1
step add-clone-script.sh "${windows[@]}"
step make-standby.bat postgres2 postgres3
step stop-server.bat postgres1
keep replicating "${windows[@]}"
step configure-pgpool.sh pgpool1
keep pgpool pgpool1
on "$wine" "${windows[@]}"
on '/usr/sbin/sshd -E /var/log/sshd/sshd.log' "${hosts[@]}"
step start-server.bat "${windows[@]}"
step await-standbys.sh postgres1
step start-pgpool.sh pgpool1
echo ready
read -r || true
