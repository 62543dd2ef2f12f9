# What Pgpool-II's scripts have done on the database hosts, in the words of their system. `host` is set by the script.
# What counts is the words that come back: ssh ends with 255 when it reaches nobody, but the command there may do so, too.
# BatchMode: better an error in the log than a question that nobody answers.
on_host() { ssh -o BatchMode=yes -o ConnectTimeout=5 "postgres@$host" "$@"; }

# The first word is "reached"; the second one, if it was so, "promoted", "running" or "stopped".
promote() { on_host "echo reached; pg_ctl promote --wait --silent --pgdata='$1' && echo promoted" | xargs; }
state() { on_host 'echo reached; pg_ctl status --silent >/dev/null; case $? in 0) echo running ;; 3) echo stopped ;; esac' | xargs; }

# Where the old cluster is kept, and what has to be known of it
kept=/srv/data.$(date +%Y%m%d-%H%M%S)
clone() { on_host ./clone-standby.sh "$new_host" "$kept"; }
show_kept() { on_host "ls $kept/pg_wal; pg_controldata --pgdata=$kept"; }
history_file() { on_host cat "$kept/pg_wal/$1.history"; }
wal_records() { on_host pg_waldump --path="$kept/pg_wal" --timeline="$1" --start="$2"; }
remove_kept() { on_host rm -rf "$kept"; }
