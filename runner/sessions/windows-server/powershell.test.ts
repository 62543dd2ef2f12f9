import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readClixml } from './clixml.ts';
import { endScript } from './end-step.ts';
import { loginShellOf, loopCommand } from './login-shell.ts';
import { encodedCommand, judgeAnswer, scriptCommand } from './powershell.ts';
import { powerShellStep } from './powershell-step.ts';
import { versionOf } from './windows-facts.ts';

describe('PowerShell', () => {
  it('gets scripts as UTF-16 in Base64', () => {
    // The example of PowerShell's own help.
    assert.equal(
      encodedCommand('dir "c:\\program files" '),
      'ZABpAHIAIAAiAGMAOgBcAHAAcgBvAGcAcgBhAG0AIABmAGkAbABlAHMAIgAgAA==',
    );
    assert.equal(Buffer.from(encodedCommand('手'), 'base64').toString('hex'), '4b62');
  });

  it('is there only when it computes', () => {
    const answer = (output: string, code: number | undefined = 0, errors = '') =>
      judgeAnswer({ output, errors, code }, 42);
    assert.deepEqual(answer('product 42 of 5.1.17763.1 in ja'), {
      kind: 'answers',
      version: '5.1.17763.1',
      language: 'ja',
    });
    for (const wrong of ['', 'product 41 of 5.1 in ja', '[Console]::Out.Write("product $([long]6 * 7) of 5.1 in ja")'])
      assert.equal(answer(wrong).kind, 'missing', wrong);
    const clixml = '#< CLIXML\r\n<Objs Version="1.1.0.1"><S S="Error">denied_x000D__x000A_</S></Objs>';
    const found = answer('', 1, clixml);
    assert.equal(
      found.kind === 'missing' && found.why,
      'PowerShell does not answer: powershell.exe ended with 1 and said: denied',
    );
  });

  it('has its messages read out of XML', () => {
    // As in PowerShell's issues 5912 and 16678.
    const told = `#< CLIXML
<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04"><S S="Error">boom_x000D__x000A_</S><S S="Error">At line:1 char:1_x000D__x000A_</S></Objs>`;
    assert.equal(readClixml(told), 'boom\r\nAt line:1 char:1\r\n');
    const progress = '#< CLIXML\r\n<Objs><Obj S="progress" RefId="0"><TN RefId="0"><T>x</T></TN></Obj></Objs>';
    assert.equal(readClixml(`before\n${progress}after &lt;`), 'before\nafter &lt;');
    const escaped = '#< CLIXML\r\n<Objs><S S="Error">&lt;a&gt; _x005F_x_ 手</S></Objs>';
    assert.equal(readClixml(escaped), '<a> _x_ 手');
  });

  it('runs a step’s file, from whatever folder', () => {
    assert.match(scriptCommand("C:\\it's 50%\\1.ps1"), /ReadAllText\('C:\\it''s 50%%\\1\.ps1'\)\)\)"$/);
    const script = powerShellStep("Write-Output '手順 @left@'", "C:\\it's\\1.left");
    assert.ok(script.includes("[IO.File]::WriteAllText('C:\\it''s\\1.left', "));
    assert.ok(script.includes(Buffer.from("Write-Output '手順 @left@'").toString('base64')));
    // As Windows PowerShell reads a file without a byte order mark by ReadAllText: UTF-8; so nothing else may be in it.
    assert.match(script, /^[\x20-\x7e\n]*$/);
  });

  it('ends a step by the path of its batch file, in a command line that cmd takes', () => {
    const script = endScript('C:\\Users\\Administrator\\AppData\\Local\\Temp\\tejun-00ff\\17.bat');
    assert.match(script, /-like '\*tejun-00ff\\17\.bat\*'/);
    assert.ok(encodedCommand(script).length < 8191 - 200);
  });
});

describe('a login on Windows', () => {
  it('lands in cmd or in PowerShell, as its echo tells', () => {
    assert.equal(loginShellOf('C:\\Windows\\system32\\cmd.exe $PSHOME\r\n'), 'cmd');
    assert.equal(loginShellOf('%ComSpec%\r\nC:\\Windows\\System32\\WindowsPowerShell\\v1.0\r\n'), 'powershell');
    assert.equal(loginShellOf('%ComSpec%\n'), undefined);
    assert.equal(loginShellOf('This host takes commands\r\n'), undefined);
  });

  it('waits for steps in either', () => {
    const folder = 'C:\\Users\\ADMINI~1\\AppData\\Local\\Temp\\tejun-00ff';
    assert.equal(loopCommand('cmd', folder), `cmd.exe /d /q /v:off /c ${folder}\\loop.bat`);
    assert.equal(
      loopCommand('powershell', 'C:\\a b'),
      'ForEach-Object { cmd.exe /d /q /v:off /c "C:\\a b\\run.bat" $_ }',
    );
  });

  it('tells the version of Windows', () => {
    assert.equal(versionOf('Microsoft Windows [Version 10.0.17763.1577]'), '10.0.17763');
    assert.equal(versionOf('Microsoft Windows [バージョン 10.0.20348]\r\n'), '10.0.20348');
    assert.equal(versionOf('nothing'), undefined);
  });
});
