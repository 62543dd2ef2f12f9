pg_ctl start --wait --silent --log=/srv/log/start.log
