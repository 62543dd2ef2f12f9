pg_ctl promote -w -s
