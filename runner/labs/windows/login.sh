#!/bin/bash
# The login shell of a Windows host: a command over ssh runs in cmd, as typed.
if [ "${1-}" != -c ]; then
  echo 'This host takes commands (ssh HOST COMMAND); a terminal with cmd in it is not to be had.' >&2
  exit 1
fi
state=/run/cmd/login-$$
trap 'rm -rf "$state" "$state.end"' EXIT
in_cmd() { /usr/bin/perl /run/windows/cmd.pl "$state" 3>"$state.end"; }
in_cmd </dev/null
in_cmd <<<"$2"
# The answer has no line end.
read -r code _ <"$state.end" || [ "${code:=x255}" ]
code=${code#x}
# An exit code over ssh has eight bits, and what failed must not look like success.
((code == 0 || (code & 255) != 0)) || code=1
exit $((code & 255))
