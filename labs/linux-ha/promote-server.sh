# As after a failure of the primary: this standby has taken over.
pg_ctl start --wait --silent --log=/srv/log/start.log
pg_ctl promote --wait --silent
