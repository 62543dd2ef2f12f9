-- The passwords are those of pgpass; PostgreSQL keeps them as scram-sha-256.
alter role postgres password 'postgres';
create role repl login replication password 'repl';
-- Pgpool-II asks with it who is primary, and how far behind the standbys are.
create role pgpool login password 'pgpool';
grant pg_monitor to pgpool;
