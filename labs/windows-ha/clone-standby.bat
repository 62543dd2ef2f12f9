@echo off
rem Makes this host a standby of the primary that is named: clone-standby.bat PRIMARY NAME
rem NAME is how the primary's views call this host. Whatever cluster was here is removed. That is why nothing calls it
rem but an administrator, and Pgpool-II's follow_primary.sh for a standby whose primary is gone.
if "%~2"=="" (
  echo clone-standby.bat PRIMARY NAME
  exit /b 2
)

rem Pgpool-II may call a server primary that is none (pcp_promote_node): what is here may then be the only primary there is.
psql --dbname="host=%~1 user=pgpool dbname=postgres target_session_attrs=primary" --no-password -c "select 1" >nul
if errorlevel 1 (
  echo the server on %~1 is no primary, or does not answer; the cluster here is left as it is
  exit /b 1
)
pg_ctl status -s -D D:\data >nul
if not errorlevel 1 pg_ctl stop -s -D D:\data -m immediate
if exist D:\data rmdir /s /q D:\data
if exist D:\data (
  echo D:\data is in use; it could not be removed
  exit /b 1
)
rem -R writes standby.signal and how to reach the primary.
pg_basebackup --dbname="host=%~1 user=repl application_name=%~2" --no-password -D D:\data --write-recovery-conf --wal-method=stream --checkpoint=fast --no-sync
if errorlevel 1 exit /b 1
rem The copy is Administrator's. A service with an account of its own has to be given the rights; in Wine this does nothing.
icacls D:\data /grant "Administrators:(OI)(CI)F" /t /q >nul
pg_ctl start -s -w -D D:\data -l D:\log\postgresql.log
