import assert from 'node:assert/strict';
import { test } from 'node:test';
import { castPart } from './cast-part.ts';

const header = '{"version": 3, "term": {"cols": 80, "rows": 24}}';
const cast = [
  header,
  '# a comment',
  '[0.5, "m", "first"]',
  '[0.25, "o", "one\\r\\n"]',
  '[1, "m", "second"]',
  '[0.5, "o", "[m] two\\r\\n"]',
  '[2, "m", "third"]',
  '[0.5, "o", "three\\r\\n"]',
  '',
].join('\n');

test('ends where the next step begins and starts at its own marker', () => {
  const part = castPart(cast, 'second');
  assert.equal(part?.startAt, 1.75);
  assert.equal(part?.text, cast.split('\n').slice(0, 6).join('\n'));
});

test('goes to the end for the last step', () => {
  assert.deepEqual(castPart(cast, 'third'), { text: cast, startAt: 4.25 });
});

test('has no part of a step without a marker', () => {
  assert.equal(castPart(cast, 'fourth'), undefined);
  assert.equal(castPart(header, 'first'), undefined);
});
