pg_ctl start -w -s -l D:\log\postgresql.log
