# A copy of the primary. The build has no pg_basebackup for Windows: Debian's writes the same files from the Linux side.
data=$WINEPREFIX/drive_d/data
pg_basebackup --dbname="host=postgres1 user=repl" --no-password --pgdata="$data" --wal-method=stream --checkpoint=fast --no-sync
echo "primary_conninfo = 'host=postgres1 user=repl application_name=$(hostname)'" >>"$data/postgresql.auto.conf"
touch "$data/standby.signal"
