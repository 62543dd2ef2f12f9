# A default cluster as a trainee meets it: superuser postgres, UTF-8, no password on the host itself.
initdb --username=postgres --encoding=UTF8 --locale=C.UTF-8 --auth-local=trust --auth-host=scram-sha-256
