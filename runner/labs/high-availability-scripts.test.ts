import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

const checkout = join(import.meta.dirname, '..', '..');
const read = (...path: readonly string[]): string => readFileSync(join(checkout, ...path), 'utf8');
const page = read('content', 'docs', 'high-availability', 'failover-scripts.mdx');

describe('the scripts for high availability', () => {
  for (const script of ['failover.sh', 'follow_primary.sh', 'resume-pgpool.sh', 'configure-pgpool.sh', 'pool_hba.conf'])
    it(`are the same on both labs: ${script}`, () => {
      assert.equal(read('labs', 'windows-ha', script), read('labs', 'linux-ha', script));
    });

  for (const [lab, script] of [
    ['linux-ha', 'hosts.sh'],
    ['windows-ha', 'hosts.sh'],
    ['linux-ha', 'failover.sh'],
    ['linux-ha', 'follow_primary.sh'],
    ['linux-ha', 'clone-standby.sh'],
    ['windows-ha', 'clone-standby.bat'],
  ] as const)
    it(`are those that the page shows: ${lab}/${script}`, () => {
      assert.ok(page.includes(`\n${read('labs', lab, script)}`), `the page shows another ${script}`);
    });

  it('delete a cluster in one place only, after the comparison', () => {
    for (const lab of ['linux-ha', 'windows-ha']) {
      const clone = read('labs', lab, lab === 'linux-ha' ? 'clone-standby.sh' : 'clone-standby.bat');
      for (const line of clone.split('\n').filter((each) => /\brm -|\brmdir /.test(each)))
        assert.match(line, /\$PGDATA\.new"$|D:\\data\.new$/, `${lab}: ${line}`);
      const follow = read('labs', lab, 'follow_primary.sh');
      assert.match(follow, /if ! primary_has_all; then\n.*\nelif remove_kept; then\n/);
      assert.equal(follow.match(/remove_kept/g)?.length, 1);
    }
  });
});
