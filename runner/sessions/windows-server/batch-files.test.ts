import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runBatch, stepBatch, ungivable } from './batch-files.ts';
import { EndMark } from './end-mark.ts';
import { hidingVariable, parseLeft } from './shell-state.ts';
import { asTyped, partsOf } from './typed-lines.ts';

const state = {
  directory: 'C:\\50% done',
  environment: new Map([
    ['PGDATA', 'D:\\data'],
    ['A', 'x & del C:\\'],
    ['Q', 'say "no" & go'],
  ]),
};

describe('what cmd reads', () => {
  it('begins where the last step ended, with its variables, whatever is in them', () => {
    const base = new Map([
      ['PGDATA', 'D:\\data'],
      ['GONE (x86)', 'y'],
    ]);
    const text = stepBatch(['dir'], { base, now: state, left: 'C:\\t\\1.left' });
    const lines = text.split('\r\n');
    for (const line of [
      '@set GONE ^(x86^)=',
      '@set "A=x & del C:\\"',
      '@set Q=say ^"no^" ^& go',
      '@cd /d "C:\\50%% done"',
      '@if errorlevel 1 goto tejun_lost',
      'dir',
      '@if errorlevel 1 goto tejun_failed',
      '@if not errorlevel 0 goto tejun_failed',
    ])
      assert.ok(lines.includes(line), `${line} in\n${text}`);
    assert.ok(!text.includes('PGDATA'), 'what cmd has from the beginning is not set');
  });

  it('is not given a variable that would be more than a variable', () => {
    const base = new Map([['OLD', 'a\nb']]);
    const given = (name: string, value: string) =>
      ungivable({ base, now: { directory: 'C:\\', environment: new Map([...base, [name, value]]) } });
    assert.equal(given('A', 'x & "y"\t%'), undefined, 'and what cmd has from the beginning is not given');
    assert.match(given('A', 'x\r\nformat d:') ?? '', /^the variable A has a line end/);
    assert.match(given('A', '\x1a') ?? '', /control characters/);
    assert.match(given('A', '%'.repeat(5000)) ?? '', /longer than cmd takes/);
  });

  it('sets the code page before each step, and tells its end by the session’s secret', () => {
    const text = runBatch({ path: 'C:\\a b', secret: 'abc', codePage: 932 });
    assert.match(
      text,
      /^@echo off\r\nchcp 932 >nul 2>&1\r\n"%ComSpec%" .* ""C:\\a b\\%1\.bat" <nul 2>&1"\r\necho abc:%1:%errorlevel%\r\n$/,
    );
    assert.doesNotMatch(runBatch({ path: 'C:\\t', secret: 'abc', codePage: 0 }), /chcp/);
  });

  const lines: readonly [string, string][] = [
    ['echo 100% %p %NO% %PGDATA%', 'echo 100%% %%p %%NO%% %PGDATA%'],
    ['echo "%A%"', 'echo "%A%"'],
    ['echo %pgdata:D=E%', 'echo %pgdata:D=E%'],
  ];
  for (const [typed, text] of lines)
    it(`is as if it were typed: ${typed}`, () => assert.deepEqual(asTyped(typed, state), { kind: 'line', text }));

  for (const line of ['echo %A%', 'echo %Q%', 'cmd /c echo "%A%"', 'call %CD%'])
    it(`is not what a variable would make another command of: ${line}`, () =>
      assert.equal(asTyped(line, state).kind, 'refused'));

  it('is cut where a value has to be known, or a file looked at', () => {
    const text = ['set A=1', 'echo %A%', 'dir', 'echo a >> D:\\a.txt', 'dir', 'dir'];
    assert.deepEqual(partsOf(text), [['set A=1'], ['echo %A%', 'dir'], ['echo a >> D:\\a.txt'], ['dir', 'dir']]);
    assert.deepEqual(partsOf([]), [[]]);
  });
});

describe('how a step ended', () => {
  it('is told only by the session’s mark, however it is cut', () => {
    const bytes = Buffer.from('a\nsecret:1:0 no\nsecret:2:9\nsecret:1:-1073741819\r\nlate');
    for (let cut = 1; cut < bytes.length; cut++) {
      const mark = new EndMark('secret', 1);
      const first = mark.push(bytes.subarray(0, cut));
      const second = first.ended === undefined ? mark.push(bytes.subarray(cut)) : undefined;
      assert.equal(first.ended ?? second?.ended, -1_073_741_819, `cut at ${cut}`);
      assert.equal(`${first.output}${second?.output ?? ''}`, 'a\nsecret:1:0 no\nsecret:2:9\n');
    }
    const mark = new EndMark('secret', 1);
    assert.equal(`${mark.push(Buffer.from('x secret:')).output}`, 'x ');
    assert.equal(`${mark.rest()}`, 'secret:');
  });

  it('is read from what it has left, in either shell', () => {
    const environment = new Map([
      ['A', 'b=c'],
      ['E', ''],
    ]);
    assert.deepEqual(parseLeft('ok 0 \r\nD:\\log\r\nA=b=c\r\nE=\r\nend \r\n'), {
      how: 'ok',
      code: 0,
      directory: 'D:\\log',
      environment,
    });
    assert.deepEqual(parseLeft('failed 3221225477\0C:\\\0A=b\nc\0=C:=C:\\\0end'), {
      how: 'failed',
      code: -1_073_741_819,
      directory: 'C:\\',
      environment: new Map([['A', 'b\nc']]),
    });
  });

  it('is unknown when that is not whole or contradicts itself', () => {
    const whole = 'C:\\\r\nPATH=C:\\Windows\r\nend\r\n';
    assert.equal(parseLeft(`ok 0 \r\n${whole}`)?.how, 'ok');
    const wrong = ['', 'ok', 'ok 0 \r\n', `ok 1 \r\n${whole}`, `failed 0 \r\n${whole}`, `fine 0\r\n${whole}`];
    for (const text of [...wrong, 'ok 0 \r\nC:\\\r\nPATH=C:\\Win', 'ok 0\0C:\\\0PATH=C:\\Win'])
      assert.equal(parseLeft(text), undefined, JSON.stringify(text));
    assert.equal(hidingVariable({ directory: 'C:\\', environment: new Map([['errorLevel', '0']]) }), 'errorLevel');
  });
});
