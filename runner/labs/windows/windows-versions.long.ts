import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { runIn } from '../../../test/conformance/sessions.ts';
import { openSession } from '../../sessions/open.ts';
import { never, silent } from '../lab-trial.ts';
import { loadLab } from '../load.ts';
import { windowsVersions } from './builds.ts';

const checkout = join(import.meta.dirname, '..', '..', '..');
const skip = existsSync('/usr/bin/wine')
  ? false
  : 'Wine is not installed: as root, `npx tejun lab up windows` installs it';

describe('the lab windows with each version that it offers', { skip }, () => {
  const root = mkdtempSync(join(tmpdir(), 'tejun-versions-'));
  before(() => {
    cpSync(join(checkout, 'labs/windows'), join(root, 'labs/windows'), { recursive: true });
    const file = join(root, 'labs/windows/lab.yaml');
    // The client programs take minutes to build.
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^clients: true\n/m, ''));
    mkdirSync(join(checkout, '.tejun/windows'), { recursive: true });
    mkdirSync(join(root, '.tejun'));
    symlinkSync(join(checkout, '.tejun/windows'), join(root, '.tejun/windows'));
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  for (const pg of windowsVersions) {
    it(`PostgreSQL ${pg}`, async () => {
      const lab = loadLab('windows', { root, facts: { pg } });
      try {
        await lab.up(silent, never);
        assert.equal((await lab.facts('postgres1')).pg, pg);
        const session = await openSession(lab.access('postgres1'), 'trial');
        const { output, end } = await runIn(session, 'pg_ctl status\npostgres -C data_directory\npostgres --version');
        await session.close();
        assert.deepEqual(end, { kind: 'exited', code: 0 }, output);
        assert.match(output, new RegExp(`server is running[^]*D:/data[^]*PostgreSQL\\) ${pg}\\.`));
      } finally {
        await lab.down(silent);
      }
    });
  }
});
