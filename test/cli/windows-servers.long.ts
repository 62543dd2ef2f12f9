import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Lab } from '../../runner/labs/lab.ts';
import { never, silent } from '../../runner/labs/lab-trial.ts';
import { loadLab } from '../../runner/labs/load.ts';
import { openSession } from '../../runner/sessions/open.ts';
import { signalProcess } from '../../runner/sessions/process-table.ts';
import type { Session } from '../../runner/sessions/session.ts';
import { cmdConformance } from '../conformance/cmd-sessions.ts';
import { runIn } from '../conformance/sessions.ts';
import { WindowsServer } from '../conformance/windows-server.ts';
import { page, Workspace } from './workspace.ts';

// A lab in Wine has to come up: `npm run test:all` runs this.

const checkout = join(import.meta.dirname, '..', '..');
const skip = !existsSync('/usr/bin/wine')
  ? 'Wine is not installed: as root, `npx tejun lab up windows` installs it'
  : process.getuid?.() !== 0 && 'only root can show a Windows host’s drives over SFTP';

const quiet = { timeout: 20_000, signal: new AbortController().signal, onOutput: () => undefined };

/** The last step goes to a PowerShell that answers, and then does nothing. */
const book = page(
  `~~~bat step=kept
set A=1
cd /d C:\\arc
~~~

~~~sh step=either
echo $A
~~~

~~~bat step=either
echo %A% %CD%
~~~

~~~expect
1 C:\\arc
~~~

~~~bat step=japanese
echo 手順
~~~

~~~expect
手順
~~~

~~~bat step=code exit=7
cmd /c exit 7
~~~

~~~bat step=server
pg_ctl status
~~~

~~~expect
pg_ctl: server is running (PID: {{pid}})
...
~~~

~~~powershell step=nothing-ran
exit 0
~~~
`,
  'timeout: 30s',
);

describe('a Windows server over SSH, which Wine stands in for', { skip }, () => {
  const root = mkdtempSync(join(tmpdir(), 'tejun-windows-'));
  const drives = join(root, '.tejun/labs/windows/postgres1/files/srv/windows');
  const temporary = join(drives, 'drive_c/users/Administrator/Temp');
  let lab: Lab;
  let server: WindowsServer;
  const sessionFolders = (): readonly string[] => readdirSync(temporary).filter((name) => name.startsWith('tejun-'));
  const open = (): Promise<Session> => openSession(server.access(), 'steps');

  before(async () => {
    cpSync(join(checkout, 'labs/windows'), join(root, 'labs/windows'), { recursive: true });
    mkdirSync(join(checkout, '.tejun/windows'), { recursive: true });
    mkdirSync(join(root, '.tejun'));
    symlinkSync(join(checkout, '.tejun/windows'), join(root, '.tejun/windows'));
    lab = loadLab('windows', { root });
    await lab.up(silent, never);
    writeFileSync(
      join(drives, 'drive_c/marks.txt'),
      '\x1b]133;D;0\x07\x1b]133;D;0;n=00000000000000000000000000000000;s=1\x07',
    );
    writeFileSync(join(drives, 'drive_c/bytes.bin'), Buffer.concat([randomBytes(100_000), Buffer.of(0xff, 0x20)]));
    writeFileSync(join(drives, 'drive_c/long.txt'), `${'x'.repeat(98)}\r\n`.repeat(20_000));
    // Windows' files have no case, and SFTP asks for them here by Linux' rules.
    symlinkSync('log', join(drives, 'drive_d/LOG'));
    server = await WindowsServer.start(lab, drives);
  });
  after(async () => {
    // When the lab does not come up there is none.
    await (server as WindowsServer | undefined)?.close();
    const left = existsSync(temporary) ? sessionFolders() : [];
    await lab.down(silent);
    rmSync(root, { recursive: true, force: true });
    assert.deepEqual(left, [], 'no session leaves its folder');
  });

  cmdConformance(
    'cmd over SSH',
    open,
    'Wine gets its own variables from the first process, and nothing hides them here',
  );

  it('takes a step of any length', async () => {
    const session = await open();
    const lines = Array.from({ length: 300 }, (_, index) => `echo ${index} ${'手'.repeat(60)}`);
    const ran = await runIn(session, lines.join('\n'), 60_000);
    assert.deepEqual(ran.end, { kind: 'exited', code: 0 });
    assert.equal(ran.output, lines.map((line) => `${line.slice('echo '.length)}\r\n`).join(''));
    await session.close();
  });

  it('begins where it is to begin, and nowhere else', async () => {
    const access = server.access();
    const session = await openSession(
      { ...access, startIn: 'D:\\log\\', environment: { NOTE: '手順 & "b"' } },
      'steps',
    );
    assert.equal((await runIn(session, 'cd\nset NOTE')).output, 'D:\\log\r\nNOTE=手順 & "b"\r\n');
    await session.close();
    const nowhere = openSession({ ...access, startIn: 'D:\\nowhere' }, 'steps');
    await assert.rejects(nowhere, /the directory D:\\nowhere is not there/);
  });

  it('tells a lost connection apart', async () => {
    const session = await open();
    const end = await session.run({
      ...quiet,
      command: 'echo begun\nping -n 100 127.0.0.1',
      onOutput: () => {
        for (const worker of server.server.workers()) signalProcess(worker, 'SIGKILL');
      },
    });
    assert.equal(end.kind, 'disconnected');
    assert.match(
      end.kind === 'disconnected' ? end.why : '',
      /lost .* while the command ran; nobody knows how far it came/,
    );
    assert.equal((await runIn(session, 'echo never')).end.kind, 'disconnected');
    await session.close();
    // Nothing could be removed any more.
    for (const name of sessionFolders()) rmSync(join(temporary, name), { recursive: true });
  });

  it('does not say that a step was ended on a server that stands still', async () => {
    const own = await WindowsServer.start(lab, drives);
    const session = await openSession(own.access(), 'steps');
    const ran = session.run({
      ...quiet,
      timeout: 3000,
      command: 'echo begun\nping -n 100 127.0.0.1',
      onOutput: () => own.server.freeze(),
    });
    const end = await ran;
    assert.match(end.kind === 'disconnected' ? end.why : end.kind, /nobody knows how far it came, and it/);
    await session.close();
    await own.close();
    for (const name of sessionFolders()) rmSync(join(temporary, name), { recursive: true });
  });

  it('is a host of a lab of servers, on which pages run', async () => {
    const { port, keys = [], knownHosts = [] } = server.access().server;
    const workspace = new Workspace({ 'windows.mdx': book });
    mkdirSync(join(workspace.root, 'labs/own'));
    writeFileSync(
      join(workspace.root, 'labs/own/lab.yaml'),
      `title: A Windows server
driver: servers
typing: false
hosts:
  one: {address: 127.0.0.1, port: ${port}, key: ${keys[0]}, known_hosts: ${knownHosts[0]}, system: windows, codepage: 932,
    directory: 'D:log', environment: {PGDATA: 'D:data'}}
`,
    );
    const own = loadLab('own', { root: workspace.root });
    await own.up(silent, never);
    const { os, shell, hostname, user, codepage, windows, wine, powershell, pg } = await own.facts('one');
    assert.deepEqual(
      { os, shell, hostname, user, codepage, windows, wine, powershell, pg },
      {
        os: 'windows',
        shell: 'cmd',
        hostname: 'POSTGRES1',
        user: 'Administrator',
        codepage: '932',
        windows: undefined,
        wine: 'yes',
        powershell: '5.1.17763.1',
        pg: '15',
      },
    );
    assert.deepEqual(
      (await own.doctor()).filter(({ ok }) => !ok),
      [],
    );
    const { code, stdout, stderr } = await workspace.run('verify', 'content/docs/windows.mdx', '--lab', 'own');
    await own.down(silent);
    const verdicts = [...stdout.matchAll(/^(passed|failed|errored) +[\d.]+ m?s +(\S+)/gm)].map(([, verdict, step]) => [
      verdict,
      step,
    ]);
    assert.deepEqual(
      verdicts,
      [
        ['passed', 'kept'],
        ['passed', 'either'],
        ['passed', 'japanese'],
        ['passed', 'code'],
        ['passed', 'server'],
        ['errored', 'nothing-ran'],
      ],
      stdout + stderr,
    );
    assert.equal(code, 3, 'could not be executed');
    rmSync(workspace.root, { recursive: true });
  });

  describe('PowerShell', () => {
    it('is not taken for what ends with 0 and does nothing', async () => {
      const own = await WindowsServer.start(lab, drives, 'of-wine');
      const session = await openSession(own.access(), 'steps');
      try {
        const ended = await runIn(session, 'cmd /c powershell -Command exit 5');
        assert.equal(ended.end.kind, 'refused', 'cmd on Wine refuses it too');
        const end = await session.run({ ...quiet, command: 'Write-Output hello', language: 'powershell' });
        assert.equal(end.kind, 'refused');
        assert.match(
          end.kind === 'refused' ? end.why : '',
          /^PowerShell does not answer: powershell\.exe ended with 0 and/,
        );
        assert.equal((await runIn(session, 'echo ok')).output, 'ok\r\n');
        const late = await runIn(session, 'ping -n 100 127.0.0.1', 500);
        assert.match(
          late.end.kind === 'disconnected' ? late.end.why : late.end.kind,
          /could not be ended.*may still run/,
        );
        const after = await runIn(session, 'echo never');
        assert.match(after.end.kind === 'disconnected' ? after.end.why : '', /could not be ended, and may still run/);
      } finally {
        await session.close();
        await own.close();
      }
    });
  });
});
