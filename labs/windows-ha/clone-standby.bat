@echo off
rem Makes this host a standby of the primary that is named: clone-standby.bat PRIMARY NAME [KEPT]
rem NAME is how the primary's views call this host. A cluster that is here already is stopped and moved to KEPT. Nothing of
rem it is deleted: it may have what nobody else has. The last line is "cloned"; without it, it was not.
if "%~2"=="" (
  echo clone-standby.bat PRIMARY NAME [KEPT]
  exit /b 2
)

rem Pgpool-II may call a server primary that is none (pcp_promote_node): what is here may then be the only primary there is.
psql --dbname="host=%~1 user=pgpool dbname=postgres target_session_attrs=primary" --no-password -c "select 1" >nul
if errorlevel 1 (
  echo the server on %~1 is no primary, or does not answer; the cluster here is left as it is
  exit /b 1
)
if exist D:\data if "%~3"=="" (
  echo a cluster is here already: name a new directory to keep it in
  exit /b 1
)
if exist D:\data if exist "%~3" (
  echo a cluster is here already: name a new directory to keep it in
  exit /b 1
)
pg_ctl status -s -D D:\data >nul
if not errorlevel 1 (
  pg_ctl stop -s -D D:\data -m immediate
  if errorlevel 1 (
    echo it does not stop
    exit /b 1
  )
)

rem The copy is made beside it: until it is complete, the old cluster stays where it is.
rem -R writes standby.signal and how to reach the primary.
if exist D:\data.new rmdir /s /q D:\data.new
pg_basebackup --dbname="host=%~1 user=repl application_name=%~2" --no-password -D D:\data.new --write-recovery-conf --wal-method=stream --checkpoint=fast --no-sync
if errorlevel 1 exit /b 1
pg_ctl status -s -D D:\data >nul
if not errorlevel 1 (
  echo the server was started again during the copy; the cluster here is left as it is
  exit /b 1
)
if exist D:\data move D:\data "%~3" >nul
if exist D:\data (
  echo D:\data is in use; it could not be moved
  exit /b 1
)
move D:\data.new D:\data >nul
rem The copy is Administrator's. A service with an account of its own has to be given the rights; in Wine this does nothing.
icacls D:\data /grant "Administrators:(OI)(CI)F" /t /q >nul
pg_ctl start -s -w -D D:\data -l D:\log\postgresql.log
if not errorlevel 1 echo cloned
