# The report's parameters, and who may come in over the network; on the host's Linux side, which sees the drives.
data=$WINEPREFIX/drive_d/data
cat /run/lab/replication.conf >>"$data/postgresql.conf"
range=$(ip -4 -o route show dev eth0 | cut -d ' ' -f 1)
cat >>"$data/pg_hba.conf" <<END
host    all             all             $range          scram-sha-256
host    replication     all             $range          scram-sha-256
END
