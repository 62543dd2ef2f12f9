import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRate } from './message-rate.ts';

test('a burst is allowed at once, then so many per second', () => {
  let now = 0;
  const mayGoOn = createRate(10, 20, () => now);
  const allowed = (tries: number): number => Array.from({ length: tries }, mayGoOn).filter(Boolean).length;
  assert.equal(allowed(100), 20);
  now = 500;
  assert.equal(allowed(100), 5);
  now = 60_000;
  assert.equal(allowed(100), 20, 'rest does not add up to more than a burst');
});
