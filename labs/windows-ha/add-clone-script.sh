# A batch file's lines end as Windows ends them.
mkdir -p "$WINEPREFIX/drive_c/scripts"
sed 's/$/\r/' /run/lab/clone-standby.bat >"$WINEPREFIX/drive_c/scripts/clone-standby.bat"
