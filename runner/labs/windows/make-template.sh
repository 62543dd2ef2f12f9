# Makes what Windows hosts are cloned from, in the current directory: template (a Wine prefix), locale, wine.sh beside.
# Pid 1 of namespaces of its own: whatever Wine has started ends with it.
set -eu
umask 022
mount -t proc proc /proc
# Japanese Windows: its code page for programs is 932. Wine takes it from the language of its first process.
mkdir -p locale
localedef -i ja_JP -f UTF-8 "$PWD/locale/ja_JP.UTF-8"

export WINEPREFIX="$PWD/template" HOME=/nonexistent USER=Administrator LOGNAME=Administrator TZ=UTC
export TEJUN_LOCALES="$PWD/locale"
wine() { sh "$PWD/wine.sh" "$@" </dev/null >>log 2>&1; }
wine wineboot --init
wine wineserver -w
wine wine reg add 'HKLM\System\CurrentControlSet\Services\EventLog\Application' /f
wine wineserver -k
wine wineserver -w

# Nearly all of it are copies of Wine's own files: a link does, and makes the template fifty times smaller.
own=/usr/lib/x86_64-linux-gnu/wine
find template/drive_c -type f -size +4k | while IFS= read -r file; do
  for folder in $own/x86_64-windows $own/i386-windows /usr/share/wine/nls; do
    if cmp -s "$file" "$folder/${file##*/}"; then
      ln -sf "$folder/${file##*/}" "$file"
      break
    fi
  done
done
find template/drive_c/users -type l | while IFS= read -r link; do
  rm "$link"
  mkdir "$link"
done
# No drive shows this machine's files, and no later start finds the template out of date.
rm -rf template/dosdevices/* template/wineserver
echo disable >template/.update-timestamp
