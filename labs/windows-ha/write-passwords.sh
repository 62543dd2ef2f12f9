# Every program that asks for a password without a person near it finds it here: Windows programs and Linux programs.
umask 077
install -m 600 /run/lab/pgpass ~/.pgpass
if [ "${WINEPREFIX:-}" ]; then
  roaming=$WINEPREFIX/drive_c/users/Administrator/AppData/Roaming/postgresql
  install -m 600 /run/lab/pgpass "$roaming/pgpass.conf"
fi
