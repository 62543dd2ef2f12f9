#!/bin/sh
# Starts one of Wine's programs as all programs of a Windows host are started: wine.sh PROGRAM ARGUMENTS
# No window is ever shown; Wine 10 would try a driver for them that complains on each program's output.
# By `env`, for a shell would try the language itself and complain.
exec /usr/bin/env -u LANG -u LC_ALL LOCPATH="${TEJUN_LOCALES:-/run/windows/locale}" LC_CTYPE=ja_JP.UTF-8 LC_MESSAGES=en_US.UTF-8 \
  WINEARCH=win64 WINEDEBUG=-all WINEDLLOVERRIDES='mscoree,mshtml,winemenubuilder.exe,winewayland.drv=' "$@"
