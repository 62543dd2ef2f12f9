# Every program that asks for a password without a person near it (pg_basebackup, the standbys, Pgpool-II's scripts)
# finds it here. libpq reads the file only when nobody else can.
umask 077
install -m 600 /run/lab/pgpass ~/.pgpass
