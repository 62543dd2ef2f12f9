pg_ctl stop --wait --silent --mode=fast
