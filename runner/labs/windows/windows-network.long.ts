import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Ran, runIn } from '../../../test/conformance/sessions.ts';
import { openSession } from '../../sessions/open.ts';
import type { Lab } from '../lab.ts';
import { never, silent } from '../lab-trial.ts';
import { loadLab } from '../load.ts';

// The lab windows-ha takes a minute to come up: `npm run test:all` runs this.

const checkout = join(import.meta.dirname, '..', '..', '..');
const wanted = ['/usr/bin/wine', '/usr/sbin/pgpool', '/usr/sbin/sshd'];
const missing = wanted.filter((program) => !existsSync(program));
const skip =
  missing.length === 0
    ? false
    : `${missing.join(', ')} missing: as root, \`npx tejun lab up windows-ha\` installs them`;

describe('the lab windows-ha', { skip }, () => {
  const root = mkdtempSync(join(tmpdir(), 'tejun-windows-'));
  let lab: Lab;

  const on = async (host: string, command: string, patienceMs = 60_000): Promise<Ran> => {
    const session = await openSession(lab.access(host), 'trial');
    try {
      return await runIn(session, command, patienceMs);
    } finally {
      await session.close();
    }
  };

  before(async () => {
    cpSync(join(checkout, 'labs/windows-ha'), join(root, 'labs/windows-ha'), { recursive: true });
    mkdirSync(join(checkout, '.tejun/windows'), { recursive: true });
    mkdirSync(join(root, '.tejun'));
    symlinkSync(join(checkout, '.tejun/windows'), join(root, '.tejun/windows'));
    lab = loadLab('windows-ha', { root });
    await lab.up(silent, never);
  });
  after(async () => {
    await lab.down(silent);
    assert.deepEqual(readdirSync(join(root, '.tejun/labs')), []);
    rmSync(root, { recursive: true, force: true });
  });

  it('lets a command over ssh land in cmd, with its exit code', async () => {
    const told = await on('pgpool1', 'ssh Administrator@postgres2 "echo 手順 %USERNAME% on %COMPUTERNAME%"');
    assert.deepEqual([told.end, told.output], [{ kind: 'exited', code: 0 }, '手順 Administrator on POSTGRES2\r\n']);
    assert.deepEqual((await on('pgpool1', 'ssh Administrator@postgres2 cmd /c exit 7')).end, {
      kind: 'exited',
      code: 7,
    });
    // 256 has no bit among the eight that ssh carries.
    assert.deepEqual((await on('pgpool1', 'ssh Administrator@postgres2 cmd /c exit 256')).end, {
      kind: 'exited',
      code: 1,
    });
    assert.deepEqual((await on('pgpool1', 'ssh Administrator@postgres2 no-such-program')).end, {
      kind: 'exited',
      code: 9009 & 255,
    });
  });

  it('promotes a standby by the report’s command when the primary is gone, and makes the other one follow', async () => {
    assert.deepEqual((await on('postgres1', 'pg_ctl stop -m immediate')).end, { kind: 'exited', code: 0 });
    const nodes = `psql -Atc 'show pool_nodes' | cut -d '|' -f 4,7,8 | paste -s -d ' '`;
    const waiting = `until [ "$(${nodes})" = 'down|standby|unknown up|primary|primary up|standby|standby' ]; do :; done`;
    assert.deepEqual((await on('pgpool1', waiting, 120_000)).end, { kind: 'exited', code: 0 });
    const log = await on('pgpool1', 'cat /var/log/pgpool/failover.log /var/log/pgpool/follow_primary.log');
    assert.match(log.output, /node 1 on 192\.168\.1\.229 is promoted\r\n/);
    assert.match(log.output, /node 0 on 192\.168\.1\.228 does not run: left alone\r\n/);
    assert.match(log.output, /node 2 on 192\.168\.1\.230 follows 192\.168\.1\.229: attached\r\n/);
  });

  it('clones from no server but a primary', async () => {
    const refused = await on(
      'pgpool1',
      `ssh Administrator@postgres2 'C:\\scripts\\clone-standby.bat postgres3 postgres2'`,
    );
    assert.deepEqual(refused.end, { kind: 'exited', code: 1 });
    assert.match(refused.output, /the server on postgres3 is no primary, or does not answer/);
    const primary = await on('postgres2', 'psql -At -c "select pg_is_in_recovery()"');
    assert.deepEqual([primary.end, primary.output], [{ kind: 'exited', code: 0 }, 'f\r\n']);
  });

  it('comes back from a reset with a primary and two standbys', async () => {
    await lab.reset(undefined, silent, never);
    const nodes = await on('pgpool1', `psql -Atc 'show pool_nodes' | cut -d '|' -f 4,7`);
    assert.equal(nodes.output, 'up|primary\r\nup|standby\r\nup|standby\r\n');
  });
});
