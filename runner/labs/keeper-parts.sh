# What every keeper does (keeper.ts), sourced by its init script. Variables: directory, life.

# Writes down which process it is, as the runner sees it: /proc has to be this machine's still. Leads to the directory.
note_keeper() {
  local stat boot fields
  read -r stat </proc/self/stat
  read -r boot </proc/sys/kernel/random/boot_id
  # proc(5): field 22 is the start time.
  fields=($stat)
  cd "$directory"
  printf '{"pid":%s,"startTime":"%s","boot":"%s","life":"%s"}' "${fields[0]}" "${fields[21]}" "$boot" "$life" >keeper.new
  mv keeper.new keeper.json
}

# Says `ready`, and reaps what is left to it until it is killed.
reap() {
  cd /
  mkfifo -m 600 /run/tejun.wait
  exec {wait}<>/run/tejun.wait
  echo ready
  exec </dev/null >/dev/null 2>&1
  while :; do read -r -u "$wait" || :; done
}
