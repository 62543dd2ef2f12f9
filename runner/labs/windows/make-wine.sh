#!/bin/bash
# Makes the folder `usr` of a newer Debian, with its Wine, in the current directory: nothing of it is installed on this machine.
#   make-wine.sh SUITE
# It takes the place of a Windows host's own /usr, so that what else such a host needs of Linux is in it, too.
set -euo pipefail
suite=$1
packages=(bash bsdutils coreutils dash debianutils diffutils findutils gawk grep gzip hostname iproute2 libc-bin locales login mount ncurses-base
  openssh-client openssh-server passwd perl postgresql-client procps sed tar util-linux wine wine64)

# From where this machine has its packages, in lists of its own, as for a machine on which nothing is installed.
archive=$(apt-get indextargets --format '$(REPO_URI) $(ORIGIN) $(CODENAME)' 'Created-By: Packages' | awk '$2 == "Debian" && $3 ~ /^[a-z]+$/ { print $1; exit }')
if [ -z "$archive" ]; then
  echo 'apt knows no archive of Debian on this machine' >&2
  exit 1
fi
key=/usr/share/keyrings/debian-archive-keyring.gpg
mkdir -p apt/none apt/lists/partial apt/cache/archives/partial
: >apt/status
echo "deb $([ -e "$key" ] && echo "[signed-by=$key]") $archive $suite main" >apt/sources.list
options=(-o Dir::Etc::SourceList="$PWD/apt/sources.list" -o Dir::Etc::SourceParts=- -o Dir::Etc::Preferences=/dev/null
  -o Dir::Etc::PreferencesParts="$PWD/apt/none" -o Dir::State::Lists="$PWD/apt/lists" -o Dir::State::Status="$PWD/apt/status"
  -o Dir::Cache="$PWD/apt/cache" -o APT::Sandbox::User="$(id -un)" -o APT::Architecture=amd64 -o APT::Architectures=amd64
  -o APT::Install-Recommends=false -o APT::Default-Release= -o Acquire::Retries=2 -o Debug::NoLocking=true)
apt-get "${options[@]}" -qq update
apt-get "${options[@]}" -qq -y --download-only install "${packages[@]}" >apt/log

# Only files: nothing of these packages is run or set up.
mkdir tree
for package in apt/cache/archives/*.deb; do
  dpkg-deb --fsys-tarfile "$package" | tar -x --no-same-owner -C tree --exclude='./usr/share/doc/*' --exclude='./usr/share/man/*' --exclude='./usr/share/locale/*'
done
# What the packages' own scripts would have done.
for program in wine wineserver wineboot regsvr32; do ln -s "$program-stable" "tree/usr/bin/$program"; done
ln -sf gawk tree/usr/bin/awk
for program in tree/usr/lib/postgresql/*/bin/*; do ln -sf "../${program#tree/usr/}" "tree/usr/bin/${program##*/}"; done
# Wine takes this library only with its own mark behind the first header, as `winebuild --builtin` writes it.
library=tree/usr/x86_64-w64-mingw32/lib/zlib1.dll
{
  head -c 64 "$library"
  printf 'Wine builtin DLL\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0'
  tail -c +97 "$library"
} >tree/usr/lib/x86_64-linux-gnu/wine/x86_64-windows/zlib1.dll
test -x tree/usr/lib/wine/wine64
mv tree/usr usr
rm -rf tree apt
