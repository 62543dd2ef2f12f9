import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createSurrogateDecoder, encodeSurrogateText } from './surrogate-text.ts';

/** xorshift32: a generator with a seed, so that a failure can be repeated. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

const pieces = [
  'a',
  'é',
  '手',
  '🐘',
  '\xff',
  '\xc3',
  '\xe2\x82',
  '\xf0\x9f',
  '\xed\xa0\x80',
  '\xc0\x80',
  '\xf5',
  '\x80',
];
const bytesOf = pieces.map((piece, index) => Buffer.from(piece, index < 4 ? 'utf8' : 'latin1'));

it('every byte comes back, whatever the chunking', () => {
  const next = random(7);
  for (let round = 0; round < 2000; round++) {
    const parts = Array.from(
      { length: 1 + Math.floor(next() * 8) },
      () => bytesOf[Math.floor(next() * bytesOf.length)],
    );
    const bytes = Buffer.concat(parts.filter((part) => part !== undefined));
    const decode = (cut: () => number) => {
      const decoder = createSurrogateDecoder();
      let text = '';
      for (let at = 0; at < bytes.length; ) {
        const length = cut();
        text += decoder.write(bytes.subarray(at, at + length));
        at += length;
      }
      return text + decoder.end();
    };
    const whole = decode(() => bytes.length);
    assert.equal(
      decode(() => 1 + Math.floor(next() * 4)),
      whole,
    );
    assert.deepEqual(encodeSurrogateText(whole), bytes);
  }
});

it('invalid bytes become lone surrogates', () => {
  const decoder = createSurrogateDecoder();
  assert.equal(decoder.write(Buffer.from([0x61, 0xff, 0xe6, 0x89, 0x8b])), 'a\udcff手');
  assert.equal(decoder.write(Buffer.from([0xe6, 0x89])), '');
  assert.equal(decoder.end(), '\udce6\udc89');
});
