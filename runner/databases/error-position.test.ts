import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pointAt } from './error-position.ts';

// Positions that no server gives so easily; what it does give is compared with psql in databases.test.ts.

const long = 'x'.repeat(100);

test('a line of sixty columns is shown whole, a longer one is cut where libpq cuts it', () => {
  assert.deepEqual(pointAt('x'.repeat(60), 60), [`LINE 1: ${'x'.repeat(60)}`, `${' '.repeat(67)}^`]);
  assert.deepEqual(pointAt(long, 51), [`LINE 1: ${'x'.repeat(60)}...`, `${' '.repeat(58)}^`]);
  assert.deepEqual(pointAt(long, 52), [`LINE 1: ...${'x'.repeat(60)}...`, `${' '.repeat(61)}^`]);
  assert.deepEqual(pointAt(long, 91), [`LINE 1: ...${'x'.repeat(60)}`, `${' '.repeat(61)}^`]);
  assert.deepEqual(pointAt(long, 101), [`LINE 1: ...${'x'.repeat(60)}`, `${' '.repeat(71)}^`]);
});

test('wide characters count twice, combining ones once', () => {
  assert.deepEqual(pointAt('あ'.repeat(31), 1), [`LINE 1: ${'あ'.repeat(30)}...`, '        ^']);
  assert.deepEqual(pointAt('e\u0301x', 3), ['LINE 1: e\u0301x', '          ^']);
});

test('a position outside of the query shows no line', () => {
  for (const position of [0, -1, 5, Number.NaN]) assert.deepEqual(pointAt('abc', position), []);
  assert.deepEqual(pointAt('abc', 4), ['LINE 1: abc', '           ^']);
});
