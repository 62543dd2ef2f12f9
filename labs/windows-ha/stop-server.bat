pg_ctl stop -w -s -m fast
