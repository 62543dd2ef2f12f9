import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tickingText, tookText } from './elapsed.ts';
import { english } from './texts.ts';

test('what took long is told less precisely than what was quick', () => {
  assert.deepEqual(
    [0, 4.4, 998.9, 999.7, 1049, 59_940, 59_999, 60_400, 3_725_000].map((ms) => tookText(ms, english)),
    ['0 ms', '4 ms', '999 ms', '1.0 s', '1.0 s', '59.9 s', '1 min 00 s', '1 min 00 s', '62 min 05 s'],
  );
});

test('a clock that ticks shows seconds that are over, and never a negative time', () => {
  assert.deepEqual(
    [-5, 999, 1000, 59_999, 61_000].map((ms) => tickingText(ms, english)),
    ['0 s', '0 s', '1 s', '59 s', '1 min 01 s'],
  );
});
