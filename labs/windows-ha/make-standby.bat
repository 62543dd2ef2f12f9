if "%COMPUTERNAME%"=="POSTGRES2" call C:\scripts\clone-standby.bat postgres1 postgres2
if "%COMPUTERNAME%"=="POSTGRES3" call C:\scripts\clone-standby.bat postgres1 postgres3
pg_ctl stop -w -s -m fast
