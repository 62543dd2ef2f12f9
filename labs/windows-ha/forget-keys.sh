# What a page about keys begins with: a login that knows nobody and lets nobody in.
rm -r ~/.ssh
if [ "${WINEPREFIX:-}" ]; then
  rm "$WINEPREFIX/drive_c/users/Administrator/AppData/Roaming/postgresql/pgpass.conf"
  # Where Windows' own OpenSSH server keeps the key that it shows, and looks for those of administrators.
  mkdir "$WINEPREFIX/drive_c/ProgramData/ssh"
  ln -s /etc/ssh/ssh_host_ed25519_key.pub "$WINEPREFIX/drive_c/ProgramData/ssh/"
fi
