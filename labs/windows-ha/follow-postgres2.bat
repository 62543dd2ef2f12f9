call C:\scripts\clone-standby.bat postgres2 postgres3 D:\data.before
rmdir /s /q D:\data.before
