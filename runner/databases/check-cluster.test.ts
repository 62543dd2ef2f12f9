import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { checkCluster } from './check-cluster.ts';

const directory = mkdtempSync(join(tmpdir(), 'tejun-cluster-'));
after(() => rmSync(directory, { recursive: true }));

test('a server is taken for the host’s only when its cluster is the host’s', () => {
  assert.throws(() => checkCluster('postgres1', directory, '1'), /host postgres1 has no cluster/);
  mkdirSync(join(directory, 'global'));
  const control = Buffer.alloc(8192);
  control.writeBigUInt64LE(7_575_123_456_789_012_345n);
  writeFileSync(join(directory, 'global', 'pg_control'), control);
  checkCluster('postgres1', directory, '7575123456789012345');
  assert.throws(
    () => checkCluster('postgres1', directory, '7575123456789012346'),
    /another server: its cluster is 7575123456789012346, the host's is 7575123456789012345/,
  );
});
