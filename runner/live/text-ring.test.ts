import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TextRing } from './text-ring.ts';

/** xorshift32: a generator with a seed, so that a failure can be repeated. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.floor(((state >>> 0) / 2 ** 32) * below);
  };
}

test('the end of a text is kept, and every part of it can be read', () => {
  const next = random(2026);
  const first = 1000;
  const ring = new TextRing(50_000, first);
  let whole = '';
  for (let round = 0; round < 1200; round++) {
    const piece = Array.from(
      { length: next(4) === 0 ? next(400) : next(20) },
      () => ['a', '\n', 'é', '🐘'][next(4)],
    ).join('');
    ring.append(piece);
    whole += piece;
    assert.equal(ring.end, first + whole.length);
    assert.ok(ring.end - ring.start <= 50_000);
    if (whole.length > 60_000) {
      assert.ok(ring.end - ring.start > 35_000);
      assert.equal(whole[ring.start - first - 1], '\n', 'it begins with a line');
    }
    const from = ring.start + next(ring.end - ring.start + 1);
    const read = ring.read(from, 1 + next(3000));
    assert.equal(read, whole.slice(from - first, from - first + read.length));
    const line = ring.lineFrom(from);
    const found = whole.indexOf('\n', from - first - 1);
    assert.equal(line, from <= ring.start ? ring.start : found < 0 ? ring.end : first + found + 1);
  }
});

test('no character is read in half', () => {
  const ring = new TextRing(1000, 0);
  ring.append('🐘🐘');
  assert.equal(ring.read(0, 3), '🐘');
  assert.equal(ring.read(2, 2), '🐘');
});

test('of a piece longer than what is kept the end is kept', () => {
  const ring = new TextRing(1000, 0);
  ring.append('a\nb');
  ring.append(`${'x'.repeat(5000)}\nend`);
  assert.deepEqual([ring.end, ring.read(ring.start, 100)], [5007, 'end']);
});

test('a text without lines is kept by pieces', () => {
  const ring = new TextRing(10_000, 0);
  for (let round = 0; round < 10; round++) ring.append('x'.repeat(9000));
  assert.deepEqual([ring.start, ring.end], [81_000, 90_000]);
});
