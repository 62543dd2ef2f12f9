import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reconnectDelay } from './reconnect-policy.ts';

test('the wait grows, is never longer than 3 s, and pages do not come back all at once', () => {
  const middle = Array.from({ length: 8 }, (_, failures) => reconnectDelay(failures, 0.5));
  assert.deepEqual(
    middle,
    [...middle].sort((a, b) => a - b),
  );
  assert.ok((middle[0] ?? 0) < 500, 'the first attempt comes soon');
  for (const failures of [0, 3, 20, 1e9]) {
    assert.ok(reconnectDelay(failures, 0.999) <= 3_000);
    assert.ok(reconnectDelay(failures, 0) >= 200);
    assert.notEqual(reconnectDelay(failures, 0.1), reconnectDelay(failures, 0.9));
  }
});
