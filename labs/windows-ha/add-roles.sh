psql --quiet --host=localhost --file=/run/lab/roles.sql
