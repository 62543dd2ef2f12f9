call C:\scripts\clone-standby.bat postgres2 postgres3
