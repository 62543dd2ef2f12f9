# As Pgpool-II's follow_primary.sh does it to a standby whose primary is gone, and has nothing that the new one does not have.
~/clone-standby.sh postgres2 /srv/data.before
rm -rf /srv/data.before
