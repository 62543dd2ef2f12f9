import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { cmdConformance } from '../../test/conformance/cmd-sessions.ts';
import { runIn } from '../../test/conformance/sessions.ts';
import { WindowsServer } from '../../test/conformance/windows-server.ts';
import { openSession } from '../sessions/open.ts';
import type { Session } from '../sessions/session.ts';
import type { Lab } from './lab.ts';
import { never, silent } from './lab-trial.ts';
import { loadLab } from './load.ts';

// A lab in Wine has to come up: `npm run test:all` runs this.

const checkout = join(import.meta.dirname, '..', '..');
const skip = !existsSync('/usr/bin/wine')
  ? 'Wine is not installed: as root, `npx tejun lab up windows` installs it'
  : process.getuid?.() !== 0 && 'only root can show a Windows host’s drives over SFTP';

const quiet = { timeout: 20_000, signal: new AbortController().signal, onOutput: () => undefined };

describe('a Windows server over SSH, which Wine stands in for', { skip }, () => {
  const root = mkdtempSync(join(tmpdir(), 'tejun-windows-'));
  const drives = join(root, '.tejun/labs/windows/postgres1/files/srv/windows');
  const temporary = join(drives, 'drive_c/users/Administrator/Temp');
  let lab: Lab;
  let server: WindowsServer;
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
    await server.close();
    assert.deepEqual(
      readdirSync(temporary).filter((name) => name.startsWith('tejun-')),
      [],
      'no session leaves its folder',
    );
    await lab.down(silent);
    rmSync(root, { recursive: true, force: true });
  });

  cmdConformance(
    'cmd over SSH',
    open,
    'Wine gets its own variables from the first process, and nothing hides them here',
  );

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
        assert.equal(late.end.kind, 'timed-out');
        const after = await runIn(session, 'echo never');
        assert.match(after.end.kind === 'disconnected' ? after.end.why : '', /could not be ended, and may still run/);
      } finally {
        await session.close();
        await own.close();
      }
    });
  });
});
