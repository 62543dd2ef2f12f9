initdb --username=postgres --encoding=UTF8 --locale=C --auth-local=trust --auth-host=trust --no-instructions --no-sync --wal-segsize=1
