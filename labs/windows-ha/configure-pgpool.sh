# Pgpool-II's own files, from the templates in this folder.
address() { getent hosts "$1" | cut -d ' ' -f 1; }
sed -e "s/@postgres1@/$(address postgres1)/" -e "s/@postgres2@/$(address postgres2)/" \
  -e "s/@postgres3@/$(address postgres3)/" /run/lab/pgpool.conf >/etc/pgpool2/pgpool.conf
sed "s|@range@|$(ip -4 -o route show dev eth0 | cut -d ' ' -f 1)|" /run/lab/pool_hba.conf >/etc/pgpool2/pool_hba.conf
install -m 755 /run/lab/failover.sh /run/lab/follow_primary.sh /etc/pgpool2
install -m 644 /run/lab/hosts.sh /etc/pgpool2

# The passwords with which Pgpool-II logs in to PostgreSQL for its clients and itself, encrypted with a key of its own.
umask 077
head -c 24 /dev/urandom | base64 >~/.pgpoolkey
printf '%s\n' postgres:postgres pgpool:pgpool >~/passwords
pg_enc -m -f /etc/pgpool2/pgpool.conf -k ~/.pgpoolkey -i ~/passwords
rm ~/passwords

# Who may use the pcp commands, and the same password for the commands themselves, which would else ask.
echo "pgpool:$(pg_md5 pgpool)" >/etc/pgpool2/pcp.conf
echo '*:*:pgpool:pgpool' >~/.pcppass
