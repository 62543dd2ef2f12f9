# What Pgpool-II's scripts have done on the database hosts, in the words of their system. `host` is set by the script.
# What counts is the words that come back: ssh ends with 255 when it reaches nobody, but the command there may do so, too.
# BatchMode: better an error in the log than a question that nobody answers. cmd's lines end with a character more.
on_host() { ssh -o BatchMode=yes -o ConnectTimeout=5 -T "Administrator@$host" "$@" | tr -d '\r'; }

# The first word is "reached"; the second one, if it was so, "promoted", "running" or "stopped".
# The promotion is the report's. `if errorlevel 1` is not enough: a program that Windows could not start ends below 0.
promote() {
  on_host 'echo reached& "C:/PostgreSQL/15/bin/pg_ctl" -s -D "'"$1"'" promote' \
    '& if errorlevel 0 if not errorlevel 1 echo promoted' | xargs
}
state() {
  on_host 'echo reached& "C:/PostgreSQL/15/bin/pg_ctl" -s -D "D:/data" status >nul' \
    '& (if errorlevel 0 if not errorlevel 1 echo running) & (if errorlevel 3 if not errorlevel 4 echo stopped)' | xargs
}

# Where the old cluster is kept, and what has to be known of it
kept=D:/data.$(date +%Y%m%d-%H%M%S)
clone() { on_host 'C:\scripts\clone-standby.bat' "$new_host" "postgres$((node + 1))" "${kept//\//\\}"; }
show_kept() { on_host dir /b "${kept//\//\\}\\pg_wal" '&' pg_controldata -D "$kept"; }
history_file() { on_host type "${kept//\//\\}\\pg_wal\\$1.history"; }
wal_records() { on_host pg_waldump -p "$kept/pg_wal" -t "$1" -s "$2"; }
remove_kept() { on_host rmdir /s /q "${kept//\//\\}"; }
