# Prints what this host is, one fact a line. A fact that cannot be found out is not printed.
print_postgres() { [[ $1 =~ ([0-9]+)\.?([0-9]*) ]] && echo "pg=${BASH_REMATCH[1]}" && echo "pg_version=${BASH_REMATCH[0]}"; }
# Client programs may be another version's than the server.
print_clients() { [[ $1 =~ ([0-9]+) ]] && echo "clients=${BASH_REMATCH[1]}"; }

echo "arch=$(uname -m)"
echo "hostname=$(hostname)"
# A Windows host: what this script runs on is only its Linux side.
if [ -x /run/windows/wine.sh ]; then
  echo "os=windows"
  echo "user=$USER"
  echo "shell=cmd"
  echo "codepage=932"
  echo "lang=en"
  wine() { /run/windows/wine.sh "$@" </dev/null 2>/dev/null; }
  [[ $(wine wine --version) =~ ([0-9]+\.[0-9]+) ]] && echo "wine=${BASH_REMATCH[1]}"
  if version=$(wine wine "$WINEPATH\\postgres.exe" --version); then print_postgres "$version"; fi
  if version=$(wine wine "$WINEPATH\\psql.exe" --version); then print_clients "$version"; fi
  exit
fi

os=$(uname -s)
echo "os=${os,,}"
echo "user=$(id -un)"
. /etc/os-release 2>/dev/null && echo "distribution=$ID" && echo "distribution_version=$VERSION_ID"
echo "shell=bash"
echo "bash=${BASH_VERSINFO[0]}.${BASH_VERSINFO[1]}"
lang=${LC_ALL:-${LC_MESSAGES:-${LANG:-C}}} lang=${lang%%[._]*}
# The C locale's messages are English.
case $lang in C | POSIX) echo lang=en ;; *) echo "lang=$lang" ;; esac
clients=$(psql --version 2>/dev/null) || clients=
print_postgres "$(postgres --version 2>/dev/null || echo "$clients")"
print_clients "$clients"
[[ $(pgpool --version 2>&1) =~ version\ ([0-9]+\.[0-9]+) ]] && echo "pgpool=${BASH_REMATCH[1]}" || :
