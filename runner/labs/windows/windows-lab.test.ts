import assert from 'node:assert/strict';
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
});
