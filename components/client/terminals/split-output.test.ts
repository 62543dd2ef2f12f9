import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitOutput } from './split-output.ts';

test('output is cut where steps begin and end, and nowhere else', () => {
  assert.deepEqual(splitOutput('abcdef', 10, [12, 9, 10, 16, 15, 12, 99]), [
    { data: 'ab', end: 12 },
    { data: 'cde', end: 15 },
    { data: 'f', end: 16 },
  ]);
  assert.deepEqual(splitOutput('abc', 0, []), [{ data: 'abc', end: 3 }]);
});
