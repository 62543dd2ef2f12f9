install /run/lab/clone-standby.sh ~
~/clone-standby.sh postgres1
