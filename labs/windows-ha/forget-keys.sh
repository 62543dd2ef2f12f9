# What a page about keys begins with: a login that knows nobody and lets nobody in.
rm -r ~/.ssh
if [ "${WINEPREFIX:-}" ]; then rm "$WINEPREFIX/drive_c/users/Administrator/AppData/Roaming/postgresql/pgpass.conf"; fi
