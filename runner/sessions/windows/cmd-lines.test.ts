import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cmdLines } from './cmd-lines.ts';

describe('what cmd is given', () => {
  const lines: readonly [string, readonly string[]][] = [
    ['echo a\r\n\r\necho b\n', ['echo a', 'echo b']],
    ['pg_ctl start ^\n  -D D:\\data', ['pg_ctl start   -D D:\\data']],
    ['echo "a & b | c > d ("', ['echo "a & b | c > d ("']],
    ['echo a ^& b ^| c ^> d ^(', ['echo a ^& b ^| c ^> d ^(']],
    ['copy a b <nul', ['copy a b <nul']],
    ['echo "a && b || c" ^&^& d', ['echo "a && b || c" ^&^& d']],
    ['dir >nul 2>&1', ['dir >nul 2>&1']],
    ['if exist C:\\arc (type C:\\arc)', ['if exist C:\\arc (type C:\\arc)']],
    ['echo formatting', ['echo formatting']],
    ['if not "%A%"=="b" echo 手順', ['if not "%A%"=="b" echo 手順']],
    ['"%BIN%\\psql" -d "%A%"', ['"%BIN%\\psql" -d "%A%"']],
    ['cmd /c "exit 3"', ['cmd /c "exit 3"']],
    ['', []],
  ];
  for (const [text, found] of lines)
    it(JSON.stringify(text), () => assert.deepEqual(cmdLines(text), { kind: 'lines', lines: found }));
});

describe('what cmd is not given, because its failure would go unseen', () => {
  const refused: readonly [string, RegExp][] = [
    ['pg_ctl stop & echo done', /joins commands with &/],
    ['echo a\ntasklist | findstr postgres', /`tasklist \| findstr postgres` is a pipeline/],
    ['pg_ctl status && echo done', /joins commands with &&, and Wine/],
    ['if exist a (pg_ctl status || rd /s /q D:\\data)', /joins commands with \|\|/],
    ['cmd /c "pg_ctl status && exit 1"', /joins commands with &&/],
    ['echo a > a.txt', /writes into a file/],
    ['echo a >> a.txt', /writes into a file/],
    ['echo 2> D:\\a.txt && echo b', /joins/],
    ['echo a1> D:\\a.txt', /writes into a file/],
    ['echo a > D:\\%A%.txt', /writes into a file/],
    ['echo 🐘', /code page 932/],
    [`echo ${'a'.repeat(8000)}`, /longer than cmd takes/],
    ['if', /condition/],
    ['if %A%', /condition/],
    ['set /a 1/0', /calculates/],
    ['rmdir a', /uses rmdir/],
    ['mklink /J a D:\\b', /uses mklink/],
    ['mklink C:\\a D:\\b', /uses mklink/],
    ['echo a >nul-1', /writes into a file/],
    ['for %i in (a b) do echo %i', /is a loop/],
    ['if exist a (for %i in (a) do echo %i)', /is a loop/],
    ['@move a b', /uses move/],
    ['if not exist b ren a b', /uses ren/],
    ['if exist a (RENAME a b)', /uses RENAME/],
    ['if exist a (\necho a\n)', /parenthesis/],
    ['goto end', /batch files/],
    [':end', /batch files/],
    ['setlocal', /undone/],
    ['psql < D:\\a.sql', /reads from a file/],
    ['del *.txt', /uses del/],
    ['attrib +R D:\\a', /uses attrib/],
    ['Q: echo a', /changes the drive/],
    ['C:\\windows\\system32\\icacls.exe D:\\data', /does nothing in Wine/],
    ['powershell -c exit 1', /does nothing in Wine/],
    ['echo a ^', /no line follows/],
    ['cmd /c "cmd /c exit 3 & echo b"', /runs another cmd .* joins commands with &/],
    ['"C:\\windows\\system32\\cmd.exe" /S /C cmd /c exit 3 ^| more', /runs another cmd .* is a pipeline/],
    ['cmd /c cmd /c "exit 3 & rem"', /runs another cmd .* joins commands with &/],
    ['cmd /c "move D:\\a D:\\b"', /does not tell whether it worked/],
    ['start /b cmd/c"powershell"', /does nothing in Wine/],
    ['cmd /v:on /c "echo !A!"', /other switches/],
    ['cmd /k exit 3', /other switches/],
    ['cmd "/c" exit 3', /quotes around its switches/],
    ['cmd /c echo %^A%', /other variables/],
    ['%A% a b', /names its program by a variable/],
    ['%BIN%\\psql', /names its program by a variable/],
    ['"C:\\windows\\system32\\%A%.exe" D:\\data', /names its program by a variable/],
    ['call "%A%"', /names its program by a variable/],
    ['echo %A:"=% & cmd /c exit 3', /joins commands|part of the command/],
    ['echo %A:x="% & cmd /c exit 3', /part of the command/],
    ['"icacls" D:\\data', /does nothing in Wine/],
    ['if exist %A% echo a', /put the variable in quotes/],
    ['if "%A%"=="b" "%B%" a', /names its program by a variable/],
    ['if exist D:\\a (echo a) else "icacls" D:\\a', /does nothing in Wine/],
    ['echo \x1a', /control characters/],
    ['echo a\0b', /control characters/],
  ];
  for (const [text, why] of refused)
    it(JSON.stringify(text), () => {
      const found = cmdLines(text);
      assert.equal(found.kind, 'refused');
      assert.match(found.kind === 'refused' ? found.why : '', why);
    });
});

const fails = 'C:\\windows\\system32\\cmd.exe /c exit 1';

describe('what is looked at, because Wine’s cmd does not tell', () => {
  const looked: readonly [string, readonly string[]][] = [
    ['rmdir /S /Q "D:\\a b"', ['rmdir /S /Q "D:\\a b"', `if exist "D:\\a b" ${fails}`]],
    ['d:', [`if not exist d:\\nul ${fails}`, 'd:']],
    ['del /f D:\\a.txt', ['del /f D:\\a.txt', `if exist D:\\a.txt ${fails}`]],
    ['ren D:\\data old', [`if not exist D:\\data ${fails}`, 'ren D:\\data old', `if exist D:\\data ${fails}`]],
    ['mklink /J D:\\a E:\\b', [`if exist D:\\a ${fails}`, 'mklink /J D:\\a E:\\b', `if not exist D:\\a\\nul ${fails}`]],
    ['echo a >> D:\\a.txt', [`if exist D:\\a.txt\\nul ${fails}`, 'echo a >> D:\\a.txt']],
    [
      'psql -d a 2> D:\\a.txt',
      [
        `if exist D:\\a.txt\\nul ${fails}`,
        'if exist D:\\a.txt del D:\\a.txt',
        `if exist D:\\a.txt ${fails}`,
        'psql -d a 2> D:\\a.txt',
        `if not exist D:\\a.txt ${fails}`,
      ],
    ],
    [
      'echo a > D:\\a.txt',
      [
        `if exist D:\\a.txt\\nul ${fails}`,
        'if exist D:\\a.txt del D:\\a.txt',
        `if exist D:\\a.txt ${fails}`,
        'echo a > D:\\a.txt',
        `if not exist D:\\a.txt ${fails}`,
      ],
    ],
  ];
  for (const [text, lines] of looked)
    it(JSON.stringify(text), () => assert.deepEqual(cmdLines(text), { kind: 'lines', lines }));
});
