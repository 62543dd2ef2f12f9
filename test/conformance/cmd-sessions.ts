import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { CommandEnd } from '../../core/run/model.ts';
import type { Session } from '../../runner/sessions/session.ts';
import { bashCases, runIn } from './sessions.ts';

/** What cmd has to give for a case of bash, or why it has no such thing. */
type Form =
  | { readonly command: string; readonly code: number; readonly output: string | RegExp }
  /** Not run, because nobody would see that a part of it failed. */
  | { readonly refused: string }
  | { readonly exception: string };

const ofBash = { exception: 'a rule of bash that cmd knows nothing like' };

/** Every case of the suite for bash, by its name. */
const forms: Readonly<Record<string, Form>> = {
  'a command': { command: 'echo hello', code: 0, output: 'hello\r\n' },
  'the usual mask for new files': { exception: 'Windows has no mask' },
  'no output': { command: 'set A=1', code: 0, output: '' },
  'an empty command': { command: '', code: 0, output: '' },
  'only a comment': { command: 'rem nothing', code: 0, output: '' },
  'no last line end': { command: 'set /p A=x', code: 0, output: 'x' },
  'an exit code': { command: 'cmd /c exit 7', code: 7, output: '' },
  'a program that is not there': { command: 'no-such-program', code: 9009, output: /'no-such-program'/ },
  'several lines': { command: 'echo a\r\necho b\r\n\r\necho c', code: 0, output: 'a\r\nb\r\nc\r\n' },
  'a stop at the first failure': { command: 'echo a\ncmd /c exit 3\necho b', code: 3, output: 'a\r\n' },
  'a stop at a failure within a line': { refused: 'cmd /c exit 3 & echo b' },
  'a failure that is expected': { refused: 'cmd /c exit 3 || echo b' },
  'a failure in a pipeline': { refused: 'cmd /c exit 3 | sort' },
  'a failure in a function': { command: 'call no-such-batch-file.bat\necho b', code: 1, output: /no-such-batch-file/ },
  'a here-document': { exception: 'cmd has none' },
  'quotes of all kinds': {
    command: `echo "a ^ b" ^^ ^& 'c' %p %d% 100% !`,
    code: 0,
    output: `"a ^ b" ^ & 'c' %p %d% 100% !\r\n`,
  },
  Japanese: { command: 'echo 手順書を実行する 表ソ能', code: 0, output: '手順書を実行する 表ソ能\r\n' },
  'characters beyond the BMP': { refused: 'echo 🐘𠮷' },
  'an unclosed quote': { command: 'echo "abc', code: 0, output: '"abc\r\n' },
  'a wrong syntax': { refused: 'if (' },
  'an unset variable under set -u': ofBash,
  'a variable that must be set': ofBash,
  'a division by zero': { refused: 'set /a 1/0' },
  'a wrong substitution': { command: 'echo %x!%', code: 0, output: '%x!%\r\n' },
  'an assignment to a constant': ofBash,
  'a pattern without a match': ofBash,
  'after failglob': ofBash,
  'exec of nothing': ofBash,
  'a file that cannot be written': {
    command: 'echo a > D:\\no\\such\\file\necho b',
    code: 1,
    output: /Path not found/,
  },
  'a backslash at the end': { command: 'echo a \\', code: 0, output: 'a \\\r\n' },
  'a comment at the end': { exception: 'cmd has no comments behind commands' },
  'an unfinished here-document': { exception: 'cmd has none' },
  'after set -u': ofBash,
  'set -e': ofBash,
  'after set -e': ofBash,
  'return at the top': { exception: '`exit /b` at a prompt ends cmd: see what ends a session' },
  'a signal': { exception: 'Windows has none' },
  stderr: { command: 'echo e>&2', code: 0, output: 'e\r\n' },
  'a file of marks': { command: 'type C:\\marks.txt\ncmd /c exit 4', code: 4, output: /133;D;0/ },
  'a terminal': { exception: 'programs have a pipe: on a terminal Wine would repaint what it shows' },
  'no fd of ours': { exception: 'Windows programs get standard input and output alone' },
};

/** What a session whose steps run in cmd has to do. C: has `marks.txt`, a forgery of our marks, and `bytes.bin`, no text. */
export function cmdConformance(
  kind: string,
  open: () => Promise<Session>,
  /** Why the host shows what Wine needs, if it does. */
  showsWine: string | false = false,
): void {
  describe(`${kind}: a session that lives on`, () => {
    let session: Session;
    before(async () => {
      session = await open();
    });
    after(() => session.close());

    it('accounts for every case of bash', () =>
      assert.deepEqual(Object.keys(forms).sort(), bashCases.map(({ name }) => name).sort()));

    for (const [name, form] of Object.entries(forms)) {
      if ('exception' in form) continue;
      it(name, async () => {
        const ran = await runIn(session, 'refused' in form ? form.refused : form.command);
        if ('refused' in form) {
          assert.equal(ran.end.kind, 'refused');
          assert.equal(ran.output, '');
          return;
        }
        assert.deepEqual(ran.end, { kind: 'exited', code: form.code });
        if (typeof form.output === 'string') assert.equal(ran.output, form.output);
        else assert.match(ran.output, form.output);
      });
    }

    it('keeps variables and the directory', async () => {
      await runIn(session, 'cd /d D:\\log\nset A=手順 ^& b\nset PGUSER=');
      const ran = await runIn(session, 'echo %CD% "%A%" %PGUSER%');
      assert.equal(ran.output, 'D:\\log "手順 & b" %PGUSER%\r\n');
    });

    it('knows what an earlier line of the step has set', async () => {
      const ran = await runIn(session, 'set B=手順\ncd /d D:\\log\necho %B% %CD%');
      assert.equal(ran.output, '手順 D:\\log\r\n');
    });

    it('appends to a file, and sees when that does nothing', async () => {
      const ran = await runIn(
        session,
        'echo a > D:\\log\\added.txt\necho 手順 >> D:\\LOG\\added.txt\ntype D:\\log\\added.txt',
      );
      assert.equal(ran.output, 'a \r\n手順 \r\n');
      const lost = await runIn(session, 'echo b >> D:\\no\\such\\file\necho c');
      assert.deepEqual([lost.end, /c\r\n$/.test(lost.output)], [{ kind: 'exited', code: 1 }, false]);
    });

    it('tells exit codes that are larger than a byte, or negative', async () => {
      assert.deepEqual((await runIn(session, 'cmd /c exit 256')).end, { kind: 'exited', code: 256 });
      assert.deepEqual((await runIn(session, 'cmd /c exit -1073741819')).end, { kind: 'exited', code: -1_073_741_819 });
    });

    it('numbers commands upwards', async () => {
      const first = await runIn(session, 'rem');
      const second = await runIn(session, 'rem');
      assert.equal(second.sequence, first.sequence + 1);
    });

    it('keeps its secrets and what Wine needs out of the environment', { skip: showsWine }, async () => {
      assert.doesNotMatch((await runIn(session, 'set')).output, /tejun|wine|133;|^(LC_|LOCPATH|HOME=)/im);
    });

    it('survives bytes that are no text', async () => {
      assert.deepEqual((await runIn(session, 'type C:\\bytes.bin')).end, { kind: 'exited', code: 0 });
      assert.equal((await runIn(session, 'echo ok')).output, 'ok\r\n');
    });

    it('refuses a NUL instead of running half of the command', async () => {
      assert.equal((await runIn(session, 'echo a\0b')).end.kind, 'disconnected');
    });

    it('does not wait for keys that nobody types', async () => {
      assert.equal((await runIn(session, 'pause')).end.kind, 'exited');
      assert.match((await runIn(session, 'cmd')).output, /Microsoft Windows/);
    });

    it('lets a background job go on and keeps its later output to itself', async () => {
      const ran = await runIn(session, 'start /b ping -n 3 127.0.0.1');
      assert.deepEqual([ran.end, ran.output], [{ kind: 'exited', code: 0 }, '']);
      assert.equal((await runIn(session, 'taskkill /F /IM ping.exe')).end.kind, 'exited');
    });

    it('ends a command and all that it started at its time limit, and can be used afterwards', async () => {
      const ran = await runIn(session, 'cmd /c ping -n 100 127.0.0.1\necho b', 1000);
      assert.equal(ran.end.kind, 'timed-out');
      assert.doesNotMatch(ran.output, /b\r\n$/);
      const left = await runIn(session, 'taskkill /F /IM ping.exe');
      assert.deepEqual(left.end, { kind: 'exited', code: 128 });
    });

    it('stops a command when told to', async () => {
      const abort = new AbortController();
      const running = session.run({
        command: 'echo started\nping -n 100 127.0.0.1',
        timeout: 20_000,
        signal: abort.signal,
        onOutput: () => abort.abort(),
      });
      assert.deepEqual(await running, { kind: 'stopped' });
      assert.equal((await runIn(session, 'echo ok')).output, 'ok\r\n');
    });

    it('hands on 2 MB of output whole', async () => {
      const ran = await runIn(session, 'type C:\\long.txt', 60_000);
      assert.deepEqual([ran.end, ran.output.length], [{ kind: 'exited', code: 0 }, 2_000_000]);
    });
  });

  describe(`${kind}: what ends a session`, () => {
    const ends: readonly { name: string; command: string; end: CommandEnd; output?: string }[] = [
      { name: 'exit', command: 'echo bye\nexit 3', end: { kind: 'shell-exited', code: 3 }, output: 'bye\r\n' },
      { name: 'exit 0 is no pass either', command: 'exit 0', end: { kind: 'shell-exited', code: 0 }, output: '' },
      { name: 'exit /b', command: 'exit /b 5', end: { kind: 'shell-exited', code: 5 }, output: '' },
      { name: 'a killed shell', command: 'taskkill /F /IM cmd.exe', end: { kind: 'shell-exited', code: 0 } },
      {
        name: 'a variable that makes two commands of a line',
        command: 'set "A=x & no-such-program & rem"\necho %A%',
        end: { kind: 'shell-exited', code: 125 },
        output: '`echo %A%` uses %A%, whose value has &: cmd would take it for a part of the command\r\n',
      },
      {
        name: 'a variable that makes two commands of a line for another cmd',
        command: 'set "A=x & no-such-program & rem"\ncmd /c echo "%A%"',
        end: { kind: 'shell-exited', code: 125 },
      },
      {
        name: 'a variable that hides exit codes',
        command: 'set ERRORLEVEL=0',
        end: { kind: 'shell-exited', code: 125 },
      },
    ];
    for (const { name, command, end, output } of ends) {
      it(name, async () => {
        const session = await open();
        try {
          const ran = await runIn(session, command);
          assert.deepEqual(ran.end, end);
          if (output !== undefined) assert.equal(ran.output, output);
          assert.equal((await runIn(session, 'echo never')).end.kind, 'disconnected');
        } finally {
          await session.close();
        }
      });
    }
  });
}
