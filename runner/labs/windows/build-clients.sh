#!/bin/bash
# Builds PostgreSQL's client programs for Windows from Debian's source package, by a cross compiler, in the current directory.
#   build-clients.sh PACKAGE VERSION SUITE BIN [SHA256]
# Tells on its output what it does. PACKAGE and SUITE name the source package, VERSION is the release that is wanted most, BIN takes the programs.
# SHA256 is that of this release's source, which is then taken even where the archive no longer lists it.
set -euo pipefail
package=$1 version=$2 suite=$3 bin=$4 checksum=${5:-} log=$PWD/build.log
trap 'tail -n 5 "$log" >&2 2>/dev/null || :' ERR

# Debian's sources from where this machine has its packages, in lists of its own: the machine's apt stays as it is.
archive=$(apt-get indextargets --format '$(REPO_URI) $(ORIGIN) $(CODENAME)' 'Created-By: Packages' | awk '$2 == "Debian" && $3 ~ /^[a-z]+$/ { print $1; exit }')
if [ -z "$archive" ]; then
  echo 'apt knows no archive of Debian on this machine, so there is no source package' >&2
  exit 1
fi
# A release whose checksum is known is the same wherever it comes from.
fetch_known() {
  local source=${package}_$version.orig.tar.bz2
  [ -n "$checksum" ] || return 1
  /usr/lib/apt/apt-helper download-file "${archive%/}/pool/main/p/$package/$source" "$source" "SHA256:$checksum" >apt/error 2>&1 && return 0
  rm -f "$source"
  return 1
}

# The archive may list a release that it does not hold (any more): the one that is wanted first, then the others from new to old.
fetch_listed() {
  local key=/usr/share/keyrings/debian-archive-keyring.gpg
  echo "deb-src $([ -e "$key" ] && echo "[signed-by=$key]") $archive $suite main" >apt/sources.list
  local options=(-o Dir::Etc::SourceList="$PWD/apt/sources.list" -o Dir::Etc::SourceParts=- -o Dir::State::Lists="$PWD/apt/lists"
    -o Dir::Cache="$PWD/apt/cache" -o APT::Sandbox::User="$(id -un)" -o Acquire::Retries=2)
  apt-get "${options[@]}" -qq update
  offered=$(apt-cache "${options[@]}" showsrc "$package" | sed -n 's/^Version: //p' | sort -rV | uniq)
  wanted=$(grep -F -- "$version-" <<<"$offered" || :)
  for release in $wanted $offered; do
    rm -f ./*.tar.* ./*.dsc
    if apt-get "${options[@]}" -qq source --download-only "$package=$release" 2>apt/error; then
      break
    fi
  done
}

echo "fetching $package"
release=$version
mkdir -p apt/lists/partial apt/cache/archives/partial
if ! fetch_known; then
  fetch_listed
fi
sources=$(compgen -G "${package}_*.orig.tar.*" || :)
if [ -z "$sources" ]; then
  cat apt/error >&2 2>/dev/null || :
  echo "$package could not be fetched from the archive's suite $suite; there it lists: ${offered:-nothing}" >&2
  exit 1
fi
tar -xf "$sources"
cd postgresql-*/

echo "configuring $package $release"
# Nobody waits for these programs' arithmetic, but for their compilation. The two libraries are what libpq needs.
CFLAGS=-O1 LIBS='-lsecur32 -lshell32' ./configure --host=x86_64-w64-mingw32 --without-readline --without-icu --with-zlib >"$log" 2>&1
echo "compiling $package $release"
jobs=$(nproc)
make -s -j"$jobs" -C src/backend generated-headers >>"$log" 2>&1
for part in port common fe_utils interfaces/libpq; do
  make -s -j"$jobs" -C "src/$part" >>"$log" 2>&1
done
# libpq goes into the programs: beside a server of another version they would find that one's library.
cd src/interfaces/libpq
rm libpq.a
x86_64-w64-mingw32-ar rcs libpq.a $(compgen -G '*.o' | grep -v _shlib) ../../common/{encnames,wchar}_shlib.o
cd ../../..
for part in bin/psql bin/pg_dump bin/scripts bin/pg_basebackup bin/pg_controldata bin/pg_verifybackup bin/pg_waldump bin/pgbench; do
  make -s -j"$jobs" -C "src/$part" >>"$log" 2>&1
done
for program in src/bin/*/*.exe; do
  x86_64-w64-mingw32-strip "$program" -o "$bin/${program##*/}"
done
