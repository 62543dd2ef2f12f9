# As Pgpool-II's follow_primary.sh does it to a standby whose primary is gone.
~/clone-standby.sh postgres2
