{
# Runs on a server beside a session's terminal and answers, one request a line, what the runner cannot see from afar: the
# terminal's processes, for what they wait; and it signals them. When its input ends, however that comes, or when nothing
# came for a while, as on a network that swallows everything, it ends what the session still runs, so that nothing is left
# behind by a killed runner or a cut connection. An empty line is a sign of life.
# Arguments: the key that marks the ends of answers, and for how many seconds to wait for a sign of life. Nothing of the
# server is written or kept.
exec 2>/dev/null
# An answer that nobody takes any more must not end us before what we are here for is done.
trap '' PIPE HUP
set +e +u +m
export LC_ALL=C
key=$1 patience=$2 leader= leader_start=

# Stat lines (proc(5)) of the processes of a terminal (device number) or of a process session.
list() {
  local file line rest fields files=(/proc/[0-9]*/stat)
  set -f
  for file in "${files[@]}"; do
    IFS= read -r -d '' line <"$file"
    rest=${line##*) }
    fields=($rest)
    if [[ ${fields[4]} == "$1" || ${fields[3]} == "$2" ]] && [[ ${fields[0]} != [ZX] ]]; then
      line=${line%$'\n'}
      printf '%s\n' "${line//$'\n'/ }"
    fi
  done
  set +f
}

start_of() {
  local line rest fields
  IFS= read -r -d '' line <"/proc/$1/stat"
  rest=${line##*) }
  fields=($rest)
  printf '%s' "${fields[19]}"
}

# Arguments: signal, then PID/START of each process; one that is another by now is left alone.
signal() {
  local name=$1 each
  shift
  for each; do
    if [[ $(start_of "${each%/*}") == "${each#*/}" ]]; then kill -s "$name" "${each%/*}"; fi
  done
}

members() {
  list "$1" "$leader" | while read -r pid rest; do
    if [[ $pid != "$$" ]]; then
      rest=${rest##*) }
      fields=($rest)
      printf '%s ' "$pid/${fields[19]}"
    fi
  done
}

# Hang-up first, force after half a second. Argument: the terminal, whose number counts only while the shell has it.
finish() {
  local found round
  if [[ ! $leader ]]; then return; fi
  local now=$(start_of "$leader")
  # Another process has the number: then nothing of the session can be left.
  if [[ $now && $now != "$leader_start" ]]; then return; fi
  local terminal=$1
  if [[ ! $now ]]; then terminal=none; fi
  found=$(members "$terminal")
  signal HUP $found
  signal CONT $found
  for round in {1..60}; do
    found=$(members "$terminal")
    if [[ ! $found ]]; then return; fi
    if ((round > 10)); then signal KILL $found; fi
    sleep 0.05
  done
}

if [[ ! -r /proc/self/stat ]]; then printf '\n%s no-proc %s\n' "$key" "$(uname -s)"; exit; fi
printf '\n%s ready %s\n' "$key" "$(uname -m)"
while IFS= read -r -t "$patience" request; do
  if [[ ! $request ]]; then continue; fi
  set -- $request
  number=$1 verb=$2
  shift 2
  case $verb in
    guard) leader=$1 leader_start=$(start_of "$1") ;;
    stat) IFS= read -r -d '' line <"/proc/$1/stat"; line=${line%$'\n'}; printf '%s\n' "${line//$'\n'/ }" ;;
    scope) printf '%s\n' "$(</proc/sys/kernel/yama/ptrace_scope)" ;;
    list) list "$1" "$2" ;;
    look)
      printf 'syscall %s\n' "$(<"/proc/$1/syscall")"
      printf 'wchan %s\n' "$(<"/proc/$1/wchan")"
      ls -l "/proc/$1/fd/"
      ;;
    modes) stty -F "$1" -a ;;
    memory) dd if="/proc/$1/mem" iflag=skip_bytes skip="$2" bs="$3" count=1 | od -An -v -tx1 ;;
    signal) signal "$@" ;;
    finish) finish "$1" ;;
  esac
  printf '%s end %s\n' "$key" "$number"
done
finish none
exit
}
