import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { cmdConformance } from '../../../test/conformance/cmd-sessions.ts';
import { runIn } from '../../../test/conformance/sessions.ts';
import { openSession } from '../../sessions/open.ts';
import type { Session } from '../../sessions/session.ts';
import { liveKeeper } from '../keeper.ts';
import type { Lab } from '../lab.ts';
import { namespaceOf, never, processesIn, silent } from '../lab-trial.ts';
import { loadLab } from '../load.ts';

const checkout = join(import.meta.dirname, '..', '..', '..');
const skip = existsSync('/usr/bin/wine')
  ? false
  : 'Wine is not installed: as root, `npx tejun lab up windows` installs it';

describe('the lab windows', { skip }, () => {
  const root = mkdtempSync(join(tmpdir(), 'tejun-windows-'));
  const prefix = join(root, '.tejun/labs/windows/postgres1/files/srv/windows');
  let lab: Lab;
  let opened = 0;
  const open = (): Promise<Session> => openSession(lab.access('postgres1'), `trial-${opened++}`);

  before(async () => {
    cpSync(join(checkout, 'labs/windows'), join(root, 'labs/windows'), { recursive: true });
    // The client programs take minutes to build; the whole book has them.
    const file = join(root, 'labs/windows/lab.yaml');
    const declared = readFileSync(file, 'utf8').replace(/^clients: true\n/m, '');
    writeFileSync(file, declared.replace(/^packages: .*$/m, 'packages: [locales, perl, wine, wine64]'));
    // What takes long to fetch and to make is the checkout's.
    mkdirSync(join(checkout, '.tejun/windows'), { recursive: true });
    mkdirSync(join(root, '.tejun'));
    symlinkSync(join(checkout, '.tejun/windows'), join(root, '.tejun/windows'));
    lab = loadLab('windows', { root });
    await lab.up(silent, never);
    writeFileSync(
      join(prefix, 'drive_c/marks.txt'),
      '\x1b]133;D;0\x07\x1b]133;D;0;n=00000000000000000000000000000000;s=1\x07',
    );
    writeFileSync(join(prefix, 'drive_c/bytes.bin'), Buffer.concat([randomBytes(100_000), Buffer.of(0xff, 0x20)]));
    writeFileSync(join(prefix, 'drive_c/long.txt'), `${'x'.repeat(98)}\r\n`.repeat(20_000));
  });
  after(async () => {
    const namespace = namespaceOf(lab);
    await lab.down(silent);
    assert.deepEqual(processesIn(namespace), []);
    assert.deepEqual(readdirSync(join(root, '.tejun/labs')), []);
    rmSync(root, { recursive: true, force: true });
  });

  cmdConformance('cmd in Wine', open);

  it('knows itself', async () => {
    const { os, shell, hostname, user, pg, codepage } = await lab.facts('postgres1');
    assert.deepEqual(
      [os, shell, hostname, user, pg, codepage],
      ['windows', 'cmd', 'postgres1', 'Administrator', '15', '932'],
    );
    const [status] = await lab.status();
    assert.equal(status?.state, 'ready');
    assert.match(status?.detail ?? '', /accepting connections/);
  });

  it('comes back from a reset as it was, with its server, and without what was on its drives and in its registry', async () => {
    const session = await open();
    const key = 'HKLM\\SOFTWARE\\Trial';
    assert.deepEqual((await runIn(session, `echo a > E:\\a.txt\nreg add ${key} /f`)).end, { kind: 'exited', code: 0 });
    await session.close();
    await lab.reset(undefined, silent, never);
    const fresh = await open();
    assert.deepEqual((await runIn(fresh, 'if exist E:\\a.txt cmd /c exit 9')).end, { kind: 'exited', code: 0 });
    assert.deepEqual((await runIn(fresh, `reg query ${key}`)).end, { kind: 'exited', code: 1 });
    assert.deepEqual((await runIn(fresh, 'pg_ctl status')).end, { kind: 'exited', code: 0 });
    await fresh.close();
  });

  it('starts cmd again when it ends before it begins, runs nothing twice, and says when it never begins', {
    skip: process.getuid?.() !== 0 && 'only root can put a failing Wine into a host',
  }, async () => {
    const session = await open();
    const files = join(root, '.tejun/labs/windows/postgres1/files/srv');
    const keeper = liveKeeper(join(root, '.tejun/labs/windows/postgres1'));
    const inHost = (...command: readonly string[]): void =>
      void execFileSync('nsenter', ['-t', `${keeper?.pid}`, '-m', '-p', ...command]);
    inHost('cp', '/usr/bin/wine-stable', '/srv/working.sh');
    // It fails as many times as the file has lines.
    const fault =
      '#!/bin/sh\nif [ -s /srv/faults ]; then sed -i 1d /srv/faults; exit 1; fi\nexec /srv/working.sh "$@"\n';
    writeFileSync(join(files, 'failing.sh'), fault, { mode: 0o755 });
    // `sed` makes a new file beside it, as the host's user.
    inHost('chmod', '777', '/srv');
    inHost('mount', '--bind', '/srv/failing.sh', '/usr/bin/wine-stable');
    try {
      writeFileSync(join(files, 'faults'), '1\n2\n');
      const ran = await runIn(session, 'echo once>> E:\\once.txt\ntype E:\\once.txt');
      assert.deepEqual([ran.end, ran.output], [{ kind: 'exited', code: 0 }, 'once\r\n']);
      assert.equal(readFileSync(join(files, 'faults'), 'utf8'), '');
      writeFileSync(join(files, 'faults'), '1\n2\n3\n');
      const never = await runIn(session, 'echo never');
      assert.equal(never.end.kind, 'shell-exited');
      assert.match(never.output, /^cmd could not be started \(wait status 256\)/);
    } finally {
      inHost('umount', '/usr/bin/wine-stable');
      await session.close();
    }
  });
});
