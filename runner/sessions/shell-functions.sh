# What a session's bash is taught. A member `__tejun[name]` stands for a variable of its own (bash-integration.ts).
# Builtins are called as such, since a page may have functions of their names; nothing depends on IFS or on patterns.

# Runs before each prompt: takes down how the statement ended, and makes the shell ready for the next one. It runs at
# every prompt, so that what seldom happens is asked in one go.
__tejun_prompt() {
  # `$_` is only of a statement that was typed as it is what the shell says now; PIPESTATUS never is.
  __tejun[code]=$? __tejun[options]=$- __tejun[argument]=${__tejun[noted]:-=$_} __tejun[over]=1 __tejun[shown]=0 \
    __tejun[status]=${__tejun[code]} __tejun[work]=${__tejun[code]#0} __tejun[flags]=${__tejun[work]:+r} \
    __tejun[pipe]=${__tejun[noted]:+${__tejun[pipe]}} __tejun[hidden]=x __tejun[inTrap]=0
  __tejun[argument]=${__tejun[argument]#=}
  builtin printf -v '__tejun[hidden]' 0
  if [[ ${FUNCNEST-}${__tejun[failed]#0}${__tejun[hidden]#0}${__tejun[disabled]#0}${__tejun[debugAction]-}${__tejun[interrupt]-}${__tejun[consumers]-}${__tejun[substitutes]-} ||
    ${!-} != "${__tejun[awaited]-}" || ${__tejun[options]} == *[xv]* || $SHELLOPTS != *emacs* || $BASHOPTS != *promptvars* ]]; then
    if [[ ${FUNCNEST-} ]]; then
      __tejun[nest]=$FUNCNEST
      FUNCNEST=
    fi
    __tejun_mend
  fi
  builtin set +xaTeb -E
  builtin trap "${__tejun[errTrap]}" ERR
  builtin return 0
}

# What a prompt seldom has to mend.
__tejun_mend() {
  __tejun_arm
  builtin set +xaT
  if ((__tejun[failed])); then
    __tejun[code]=${__tejun[failed]}
    __tejun[status]=${__tejun[failed]}
    __tejun[flags]=r
  fi
  if [[ ${__tejun[interrupt]-} ]]; then
    builtin eval "${__tejun[interrupt]}"
    __tejun[interrupt]=
  fi
  if ! builtin shopt -q promptvars; then builtin shopt -s promptvars; fi
  if [[ $SHELLOPTS != *emacs* && $SHELLOPTS != *vi* ]]; then builtin set -o emacs; fi
  if [[ ${__tejun[options]} == *[xv]* || ${__tejun[debugAction]-} ]]; then __tejun[flags]+=x; fi
  builtin return 0
}

# Makes the shell ready for the next statement, whatever the last one did to it.
__tejun_arm() {
  __tejun[hidden]=
  builtin printf -v '__tejun[hidden]' 0
  if [[ ${__tejun[hidden]} != 0 ]]; then
    POSIXLY_CORRECT=
    unset -f builtin
    unset POSIXLY_CORRECT
  fi
  if ((__tejun[disabled])); then
    __tejun[disabled]=0
    enable builtin
    builtin enable declare enable eval exec exit export jobs kill local printf read return set shift shopt trap wait
  fi
  # With it a DEBUG trap could leave commands out, and nobody would see that they never ran. It takes -E with it.
  if [[ ${__tejun[debugAction]-} ]]; then builtin shopt -u extdebug; fi
  builtin set +eb -E
  __tejun_await
  builtin trap "${__tejun[errTrap]}" ERR
  __tejun[hidden]=0 __tejun[inTrap]=0
  builtin return 0
}

# Runs after it, with the shell's own stderr: readline needs the terminal, whatever the page made of the shell's.
__tejun_after() {
  if [[ ! -t 2 || ! -t 0 || ${__tejun[stderr]-}${__tejun[stdin]-} ]]; then __tejun_take; fi
  __tejun[endMarks]=$'\e]133;D;'"@CODE@${__tejun[nameMark]}${__tejun[number]}"$'\a'
  if [[ ${__tejun[noted]} && ${__tejun[number]} != 0 ]]; then
    # The end is certain: it is told before the prompt, and before notices of jobs.
    builtin printf '%s' "${__tejun[endMarks]}" >&2
    __tejun[endMarks]=
  elif [[ ${!-} ]] && ((__tejun[number])); then
    builtin printf '\e]133;X%s%s\a' "${__tejun[nameMark]}" "${__tejun[number]}" >&2
  fi
  # A statement that was announced is the next line; any other line is a reader's.
  __tejun[endMarks]+=${__tejun[promptMark]} __tejun[readyMark]="${__tejun[flagsMark]}${__tejun[flags]};p=${__tejun[pipe]}"$'\a' \
    __tejun[noted]= __tejun[number]=${__tejun[announced]} __tejun[announced]=0
  if [[ ${__tejun[nest]-} || ${__tejun[options]} == *[aTx]* || ${PS0-} != "${__tejun[beforeText]}" || ${PS1-} != "${__tejun[promptText]}" ]]; then
    __tejun_giveBack
  fi
}

# Takes the terminal for the shell's own stderr, until the next statement.
__tejun_takeStderr() {
  if [[ -t 2 ]]; then builtin return 0; fi
  __tejun[stderr]=-
  if [[ -e /proc/$$/fd/2 ]]; then
    exec {__tejun_fd}>&2
    __tejun[stderr]=$__tejun_fd
  fi
  exec 2>/dev/tty
}

# The same for stdin, too.
__tejun_take() {
  __tejun_takeStderr
  if [[ ! -t 0 ]]; then
    __tejun[stdin]=-
    if [[ -e /proc/$$/fd/0 ]]; then
      exec {__tejun_fd}<&0
      __tejun[stdin]=$__tejun_fd
    fi
    exec 0</dev/tty
  fi
  __tejun[flags]+=f
}

# Gives back what of the page's settings would have disturbed us, and takes the prompts again.
__tejun_giveBack() {
  if [[ ${PS0-} != "${__tejun[beforeText]}" || ${PS1-} != "${__tejun[promptText]}" ]]; then
    PS0=${__tejun[beforeText]} PS1=${__tejun[promptText]}
    builtin export -n PS0 PS1
  fi
  if [[ ${__tejun[nest]-} ]]; then
    FUNCNEST=${__tejun[nest]}
    __tejun[nest]=
  fi
  if [[ ${__tejun[options]} == *a* ]]; then builtin set -a; fi
  if [[ ${__tejun[options]} == *T* ]]; then builtin set -T; fi
  if [[ ${__tejun[options]} == *x* && ! ${__tejun[stderr]-}${__tejun[errAction]-} ]]; then
    builtin trap -- "{ ${__tejun[errTrap]//__tejun_end/__tejun_end hidden}; } 2>/dev/null" ERR
  fi
  # As the last: what comes after it would be seen.
  if [[ ${__tejun[options]} == *x* ]]; then { builtin set -x; } 2>/dev/null; fi
}

# Gives the shell back what the page had made of it, and `$?` as the statement before left it.
__tejun_restore() {
  if [[ ${__tejun[stderr]-} ]]; then
    __tejun_fd=${__tejun[stderr]} __tejun[stderr]=
    exec 2>&$__tejun_fd
    if [[ $__tejun_fd != - ]]; then exec {__tejun_fd}>&-; fi
  fi
  if [[ ${__tejun[stdin]-} ]]; then
    __tejun_fd=${__tejun[stdin]} __tejun[stdin]=
    exec 0<&$__tejun_fd
    if [[ $__tejun_fd != - ]]; then exec {__tejun_fd}<&-; fi
  fi
  if ((__tejun[status])); then __tejun[quiet]=1; fi
  builtin return "${__tejun[status]}"
}

# Notes what a statement left: `$?`, `$_`, PIPESTATUS. Called at its very end, and by nobody else.
__tejun_done() {
  if [[ ${1-} != "${__tejun[nonce]}" ]]; then builtin return 1; fi
  __tejun[status]=$2 __tejun[noted]==${3-} __tejun[pipe]= __tejun[over]=1
  if (($# > 4)); then builtin printf -v '__tejun[pipe]' '%s.' "${@:4}"; fi
  builtin return "$2"
}

# The same between statements that are typed as one line. Fails when they end here.
__tejun_next() {
  if [[ ${1-} != "${__tejun[nonce]}" ]]; then builtin return 1; fi
  __tejun[over]=1 __tejun[argument]=${3-}
  __tejun[pipeText]=
  if (($# > 4)); then
    builtin printf -v '__tejun[pipe]' '%s.' "${@:4}"
    builtin printf -v '__tejun[pipeText]' '(builtin exit %s)|' "${@:4}"
    __tejun[pipeText]=${__tejun[pipeText]%|}$'\n'
  fi
  if [[ ${FUNCNEST-} ]]; then
    __tejun[nest]=$FUNCNEST
    FUNCNEST=
  fi
  if (($2 || __tejun[failed] || __tejun[hidden])); then
    __tejun[failed]=$(($2 ? $2 : __tejun[failed] ? __tejun[failed] : 1)) __tejun[noted]==${3-}
    builtin return 1
  fi
  __tejun_arm
  if [[ ${__tejun[nest]-} ]]; then
    FUNCNEST=${__tejun[nest]}
    __tejun[nest]=
  fi
  __tejun[over]=0 __tejun[number]=0
  builtin return 0
}

# Says which statement the next line is.
__tejun_announce() {
  __tejun[announced]=$1
  if ((__tejun[status])); then __tejun[quiet]=1; fi
  builtin return "${__tejun[status]}"
}

# A command has failed, within a statement of a step: ends a subshell; says whether the shell itself is to end its line.
__tejun_err() {
  if ((!__tejun[number])); then builtin return 1; fi
  if [[ $BASHPID != "$$" ]]; then
    FUNCNEST=
    # How a job or a part of a pipeline ends is seen by the shell. How `$(…)` and `<(…)` end is not: they are told by
    # a mark, unless a job in the background has them. SIGPIPE ends what nobody reads to its end.
    if IFS= builtin read -r '__tejun[work]' </proc/self/stat && (($1 != 141)) && __tejun_isUnseen "${__tejun[work]##*) }"; then
      builtin printf '\e]133;F;%s%s%s\a' "$1" "${__tejun[nameMark]}" "${__tejun[number]}" >/dev/tty
      # The shell itself hears of it between its commands.
      builtin kill -s RTMAX "$$"
    fi
    builtin exit "$1"
  fi
  __tejun[argument]=$2 __tejun[pipe]= __tejun[noted]==$2
  if (($# > 3)); then builtin printf -v '__tejun[pipe]' '%s.' "${@:3}"; fi
  # Nothing comes after it.
  if ((__tejun[number] % 2 && ${#FUNCNAME[@]} < 3)); then builtin return 1; fi
  __tejun[failed]=$1
}

# Ends the line that runs, by the interrupt that Ctrl-C would send. `hidden`: what we trace is kept from the terminal.
__tejun_abort() {
  # What is printed after the interrupt would stand beside its line end.
  { __tejun_await; } 2>/dev/null
  if [[ ! ${1-} ]]; then __tejun_takeStderr; fi
  __tejun[work]=$'\e]133;E'"${__tejun[nameMark]}${__tejun[number]}"$'\a'
  if [[ ${1-} ]]; then builtin printf '%s' "${__tejun[work]}" >/dev/tty; else builtin printf '%s' "${__tejun[work]}" >&2; fi
  # A subshell knows the traps of its shell until it sets one.
  __tejun[interrupt]=$(builtin trap -p INT)
  builtin trap - INT
  builtin kill -INT "$$"
}

# Whether nobody but us sees how a process ends. Argument: the end of its stat line (proc(5)): state, parent, group, …
__tejun_isUnseen() {
  if [[ ! $1 =~ ^[^\ ]+\ ([0-9]+)\ ([0-9]+)\ [0-9]+\ [0-9-]+\ ([0-9-]+) ]]; then builtin return 1; fi
  if [[ ${BASH_REMATCH[2]} == "$$" ]]; then builtin return 0; fi
  [[ ${BASH_REMATCH[1]} != "$$" && ${BASH_REMATCH[2]} == "${BASH_REMATCH[3]}" ]]
}

# Judges a command that failed; succeeds when it is one of the page's. Before the page's own ERR trap, which may leave the
# function that it runs in.
__tejun_judge() {
  __tejun[ending]=0
  if ((__tejun[quiet] ? (__tejun[quiet] = 0, 1) : __tejun[over] + __tejun[inTrap])); then builtin return 1; fi
  # Where a CHLD trap ran within this one, bash 5.2 would take this one for unfinished after the interrupt, and never run
  # it again: then the line goes on to its end, and has failed.
  if @ERR@ "$@" && [[ ! ${__tejun[childAction]-} ]]; then __tejun[ending]=1; fi
  builtin return 0
}

# Gives the page's own ERR trap `$?` as the command that failed left it.
__tejun_status() {
  builtin return "$1"
}

# Ends the line that runs after a command that failed. `hidden`: what we trace is kept from the terminal.
__tejun_end() {
  if ((__tejun[ending])); then
    __tejun[ending]=0
    __tejun_abort "$@"
    builtin :
  fi
}

# Waits for what `>(…)` of a statement still has to print. One that the shell itself goes on writing to, as after
# `exec > >(tee log)`, has printed all when it waits for more. What `<(…)` still does is nothing to wait for.
__tejun_await() {
  if [[ ${!-} == "${__tejun[awaited]-}" && ! ${__tejun[consumers]-}${__tejun[substitutes]-} ]]; then builtin return 0; fi
  __tejun[awaited]=${!-}
  __tejun[consumers]=
  builtin local - child children='' jobs fd held round pause orphans
  builtin set +f
  IFS= builtin read -r children <"/proc/$$/task/$$/children"
  jobs=$(builtin jobs -p)
  builtin local IFS=$' \n'
  jobs=" ${jobs//$'\n'/ } "
  for child in $children; do
    if [[ $jobs == *" $child "* ]] || ! __tejun_isOurs "$child"; then continue; fi
    # The master of a terminal that nobody has is the clock: nothing ever comes from it, and no process is started for it.
    if [[ ! ${pause-} ]]; then exec {pause}<>/dev/ptmx; fi
    for ((round = 0; round < 100; round++)); do
      if [[ ! -e /proc/$child/fd/0 || -p /proc/$child/fd/0 || -p /proc/$child/fd/1 ]]; then break; fi
      builtin read -r -t 0.001 -u "$pause" held
    done
    if [[ ! -p /proc/$child/fd/0 || -p /proc/$child/fd/1 ]]; then continue; fi
    held=
    for fd in /proc/$$/fd/*; do
      if [[ $fd -ef /proc/$child/fd/0 ]]; then held=y; fi
    done
    if [[ ! $held ]]; then
      builtin wait "$child"
      continue
    fi
    __tejun[consumers]+=" $child"
    for ((round = 0; round < 2000; round++)); do
      if __tejun_isIdle "$child"; then break; fi
      builtin read -r -t 0.001 -u "$pause" held
    done
  done
  if [[ ${__tejun[substitutes]-} ]]; then
    if [[ ! ${pause-} ]]; then exec {pause}<>/dev/ptmx; fi
    for ((round = 0; ; round++)); do
      __tejun_findOrphans "$jobs"
      held=
      for child in "${orphans[@]}"; do
        if [[ -p /proc/$child/fd/0 ]]; then
          __tejun_isIdle "$child" || held=y
        elif ((round < 100)) && [[ -c /proc/$child/fd/0 && ! /proc/$child/fd/0 -ef /dev/null && /proc/$child/exe -ef /proc/$$/exe ]]; then
          # It has just begun, and not taken its pipe yet.
          held=y
        fi
      done
      if [[ ! $held ]]; then break; fi
      builtin read -r -t 0.001 -u "$pause" held
    done
  fi
  if [[ ${pause-} ]]; then exec {pause}>&-; fi
  __tejun[awaited]=${!-}
  __tejun_jobs+=($jobs ${!-})
  builtin return 0
}

# Finds what a program left in our session, into `orphans`: its `>(…)` are no children of the shell. Argument: jobs, which
# are left out with all their processes.
__tejun_findOrphans() {
  builtin local file stat session fields
  builtin local IFS=' '
  orphans=()
  IFS= builtin read -r stat <"/proc/$$/stat"
  fields=(${stat##*) })
  session=${fields[3]}
  for file in /proc/[0-9]*/stat; do
    IFS= builtin read -r stat <"$file" || builtin continue
    fields=(${stat##*) })
    if [[ ${fields[3]} != "$session" || ${fields[2]} == "$$" || ${fields[0]} == Z || $1 == *" ${fields[2]} "* ]]; then builtin continue; fi
    # What has a parent in the session is that one's business.
    if IFS= builtin read -r stat <"/proc/${fields[1]}/stat"; then
      fields=(${stat##*) })
      if [[ ${fields[3]} == "$session" ]]; then builtin continue; fi
    fi
    file=${file%/stat}
    orphans+=("${file##*/}")
  done
}

# Whether a process runs in the shell's own process group, as `>(…)` does and no job.
__tejun_isOurs() {
  builtin local stat=
  IFS= builtin read -r stat <"/proc/$1/stat" || builtin return 1
  stat=${stat##*) }
  stat=${stat#* * }
  [[ ${stat%% *} == "$$" ]]
}

# Whether a process, and each that it waits for, waits for more to read.
__tejun_isIdle() {
  builtin local call='' child children=''
  IFS= builtin read -r call <"/proc/$1/wchan"
  if [[ $call == *pipe_read* || $call == *pipe_wait* ]]; then builtin return 0; fi
  if [[ $call != *wait* ]]; then builtin return 1; fi
  IFS= builtin read -r children <"/proc/$1/task/$1/children"
  if [[ ! $children ]]; then builtin return 1; fi
  builtin local IFS=' '
  for child in $children; do __tejun_isIdle "$child" || builtin return 1; done
  builtin return 0
}

# The page's traps, with ours around those that would see or end our own commands.
trap() {
  # `set -x` shows the call, as of a builtin.
  { builtin local -; builtin set +x; } 2>/dev/null || builtin :
  builtin local action signal other debugged=
  other=()
  if [[ $# == 0 || ( $1 == -* && $1 != - && $1 != -- ) ]]; then
    __tejun_list "$@"
    builtin return
  fi
  if [[ $1 == -- ]]; then builtin shift; fi
  if [[ $# == 1 ]]; then action=-; else action=${1-}; builtin shift; fi
  for signal in "$@"; do
    case $signal in
      [Ee][Rr][Rr]) __tejun[errAction]=${action/#-/} ;;
      [Dd][Ee][Bb][Uu][Gg]) debugged=${__tejun[debugAction]-} __tejun[debugAction]=${action/#-/} ;;
      [Rr][Ee][Tt][Uu][Rr][Nn]) __tejun[returnAction]=${action/#-/} ;;
      [Cc][Hh][Ll][Dd] | [Ss][Ii][Gg][Cc][Hh][Ll][Dd] | 17) __tejun[childAction]=${action/#-/} && other+=(CHLD) ;;
      *) other+=("$signal") ;;
    esac
  done
  __tejun[kept]=0
  if ((${#other[@]})); then
    builtin trap -- "$action" "${other[@]}" || __tejun[kept]=$?
  fi
  __tejun_wrap
  builtin return "${__tejun[kept]}"
}

# Lists the page's traps, as it wrote them. Sets none: in a subshell those of its shell would be forgotten.
__tejun_list() {
  builtin local signal status=0 plain own
  plain=() own=()
  if [[ $# == 0 || ( $# == 1 && $1 == -p ) ]]; then
    own=(DEBUG ERR RETURN)
    for ((signal = 0; signal < 64; signal++)); do plain+=("$signal"); done
  elif [[ $1 != -p ]]; then
    builtin trap "$@"
    builtin return
  fi
  for signal in "${@:2}"; do
    case $signal in
      [Dd][Ee][Bb][Uu][Gg]) own+=(DEBUG) ;;
      [Ee][Rr][Rr]) own+=(ERR) ;;
      [Rr][Ee][Tt][Uu][Rr][Nn]) own+=(RETURN) ;;
      *) plain+=("$signal") ;;
    esac
  done
  if ((${#plain[@]})); then builtin trap -p "${plain[@]}" || status=$?; fi
  for signal in "${own[@]}"; do
    case $signal in
      DEBUG) signal=${__tejun[debugAction]:+${__tejun[debugAction]//\'/"'\''"}"' DEBUG"} ;;
      ERR) signal=${__tejun[errAction]:+${__tejun[errAction]//\'/"'\''"}"' ERR"} ;;
      RETURN) signal=${__tejun[returnAction]:+${__tejun[returnAction]//\'/"'\''"}"' RETURN"} ;;
    esac
    if [[ $signal ]]; then builtin printf "trap -- '%s\n" "$signal"; fi
  done
  builtin return "$status"
}

# Sets the traps that the page wants, with ours.
__tejun_wrap() {
  builtin local nl=$'\n' skip='case "${FUNCNAME-} $BASH_COMMAND" in *__tejun* | "trap "* | "wait "*) ;; *)' own='case ${FUNCNAME-} in __tejun_* | trap | wait) ;; *)'
  # What fails in a DEBUG trap is no command of the step.
  builtin local trap='case $((__tejun[inTrap] = 1)) in x) ;; esac;' untrap='case $((__tejun[inTrap] = 0)) in x) ;; esac'
  # No word that an alias could change, and no function before its nesting is unlimited.
  builtin local kept='__tejun_kept=("$?" "$_" "${PIPESTATUS[@]}") __tejun[nest]=${FUNCNEST-} FUNCNEST='
  builtin local judged='__tejun_judge "${__tejun_kept[@]}"' ended="__tejun_end${nl}FUNCNEST=\${__tejun[nest]} __tejun[nest]=$nl\\: \"\${__tejun[argument]-}\""
  if [[ ${__tejun[errAction]-} ]]; then
    judged+=" && {$nl"'__tejun_status "${__tejun_kept[@]}"'"$nl${__tejun[errAction]}$nl}"
  fi
  __tejun[errTrap]=$kept$nl$judged$nl$ended
  builtin local returned=- debug=-
  if [[ ${__tejun[returnAction]-} ]]; then returned="$own ${__tejun[returnAction]}$nl;; esac"; fi
  if [[ ${__tejun[debugAction]-} ]]; then
    # Before `||` an ERR trap is not run: run within this one, bash 5.2 forgets the status of a pipeline.
    debug="$skip $trap {$nl${__tejun[debugAction]}$nl} || builtin :$nl$untrap ;; esac"
  elif [[ ${debugged-} ]]; then
    # bash puts back what a function removes: this one removes itself, outside.
    debug="$own builtin trap - DEBUG ;; esac"
  fi
  builtin trap -- "${__tejun[errTrap]}" ERR
  builtin trap -- '{ __tejun[hidden]=1; } 2>/dev/null || __tejun[hidden]=1' RTMAX
  builtin trap -- "$returned" RETURN
  # As the last: it would see what comes after it here.
  builtin trap -- "$debug" DEBUG
}

# `wait` for all of them tells how the jobs ended, since a prompt would not.
wait() {
  { builtin local -; builtin set +x; } 2>/dev/null || builtin :
  builtin local job code status=0
  if (($#)) || [[ $BASHPID != "$$" ]]; then
    for job in "$@"; do
      if [[ $job == %* ]]; then job=$(builtin jobs -p "$job" 2>/dev/null || builtin :); fi
      __tejun[waited]+=" $job "
    done
    builtin wait "$@"
    builtin return
  fi
  builtin local IFS=$' \t\n'
  for job in "${__tejun_jobs[@]}" $(builtin jobs -p); do
    if [[ ${__tejun[waited]-} == *" $job "* ]]; then continue; fi
    # A job that ended before is still known by its pid; 127 says that it is not.
    builtin wait "$job" 2>/dev/null || { code=$?; if ((code < 127)); then status=$code; fi; }
  done
  __tejun_jobs=() __tejun[waited]=
  builtin return "$status"
}
__tejun_jobs=()
__tejun_wrap
__tejun[announced]=0 __tejun[ending]=0 __tejun[failed]=0 __tejun[disabled]=0 __tejun[noted]= __tejun[pipe]=
__tejun[beginMark]=$'\e]133;C;n='"${__tejun[nonce]}"$'\a'
__tejun[promptMark]=$'\e]133;A;n='"${__tejun[nonce]}"$'\a'
__tejun[flagsMark]=$'\e]133;B;n='"${__tejun[nonce]};f="
__tejun[nameMark]=";n=${__tejun[nonce]};s="
__tejun[beforeText]='${__tejun[beginMark]:$((__tejun[failed]=0,__tejun[over]=0,__tejun[quiet]=0,__tejun[shown]=100000))}${__tejun[beginMark]}'
__tejun[promptText]='\[${__tejun[endMarks]:__tejun[shown]}\]@PROMPT@\[${__tejun[readyMark]:__tejun[shown]}\]'
# A statement's number is set between the two; `case` leaves PIPESTATUS as it is, and a text after it may be broken.
__tejun[beforeNumber]='case $((__tejun=' __tejun[afterNumber]=$')) in x) ;; esac\n'
# The empty line is for a statement that ends with a backslash.
__tejun[after]=$'\n\n{ __tejun_done '"${__tejun[nonce]}"' "$?" "$_" "${PIPESTATUS[@]}"; } 2>&-'
__tejun[between]=$'\n\n{ __tejun_next '"${__tejun[nonce]}"' "$?" "$_" "${PIPESTATUS[@]}"; } 2>&- || { __tejun_abort;:; }'
readonly -f __tejun_prompt __tejun_mend __tejun_after __tejun_takeStderr __tejun_take __tejun_giveBack __tejun_restore __tejun_announce __tejun_err __tejun_isUnseen __tejun_judge __tejun_status __tejun_end __tejun_done __tejun_next __tejun_abort __tejun_arm __tejun_await \
  __tejun_isOurs __tejun_isIdle __tejun_findOrphans __tejun_list __tejun_wrap
PROMPT_COMMAND='{ __tejun_prompt; } 2>/dev/null;__tejun_after'
