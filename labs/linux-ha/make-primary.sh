# The primary: the report's parameters, its pg_hba.conf with today's scram-sha-256, and the roles that the others log in by.
initdb --no-sync --username=postgres --encoding=UTF8 --locale=C.UTF-8 --auth-local=trust --auth-host=scram-sha-256 \
  --wal-segsize=1
cat /run/lab/replication.conf /run/lab/small.conf >>"$PGDATA/postgresql.conf"
range=$(ip -4 -o route show dev eth0 | cut -d ' ' -f 1)
cat >>"$PGDATA/pg_hba.conf" <<END
host    all             all             $range          scram-sha-256
host    replication     all             $range          scram-sha-256
END
pg_ctl start --wait --silent --log=/srv/log/start.log
psql --quiet --file=/run/lab/roles.sql
# For the day on which this host has to follow another one.
install /run/lab/clone-standby.sh ~
