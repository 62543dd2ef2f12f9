import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortFacts } from './fact-text.ts';

test('a host is told in short by what it knows of itself', () => {
  const debian = { os: 'linux', distribution: 'debian', distribution_version: '12', arch: 'x86_64' };
  assert.equal(shortFacts({ ...debian, pg: '15', pg_version: '15.18' }), 'PostgreSQL 15.18 · Debian 12');
  assert.equal(shortFacts({ ...debian, pg: '15', pgpool: '4.3' }), 'PostgreSQL 15 · Debian 12');
  assert.equal(shortFacts({ ...debian, pgpool: '4.3.5' }), 'Pgpool-II 4.3.5 · Debian 12');
  assert.equal(shortFacts({ os: 'windows', pg: '9.6' }), 'PostgreSQL 9.6 · Windows');
  assert.equal(shortFacts({ distribution: 'arch' }), 'Arch');
  assert.equal(shortFacts({}), '');
});
