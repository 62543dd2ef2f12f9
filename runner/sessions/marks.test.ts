import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createMarkSplitter } from './marks.ts';

const nonce = 'a'.repeat(32);
const stream = [
  `x\x1b]133;C;n=${nonce};s=1\x07out\x1b]133;D;0;n=${'b'.repeat(32)};s=1\x07`,
  `\x1b]133;D;0;s=1\x07\x1b]133;D;0\x07\x1b]133;D;0;n=${nonce}\x07\x1b]133;\x1b]13\x1b[1mmore`,
  `\x1b]133;D;12;n=${nonce};s=1\x07p\x1b]133;B;n=${nonce}\x07\x1b]133`,
].join('');

function split(cut: number): unknown[] {
  const splitter = createMarkSplitter(nonce);
  const found: unknown[] = [];
  let text = '';
  const flush = () => {
    if (text !== '') found.push(text);
    text = '';
  };
  for (let at = 0; at < stream.length; at += cut) {
    for (const piece of splitter.push(Buffer.from(stream.slice(at, at + cut), 'latin1'))) {
      if (piece.kind === 'bytes') {
        text += piece.bytes.toString('latin1');
        continue;
      }
      flush();
      found.push(piece.mark, stream.slice(piece.at, piece.end).startsWith('\x1b]133;'));
    }
  }
  flush();
  return found;
}

it('only marks with the nonce count, and everything else is output', () => {
  assert.deepEqual(split(stream.length), [
    'x',
    { kind: 'began', sequence: 1 },
    true,
    `out\x1b]133;D;0;n=${'b'.repeat(32)};s=1\x07\x1b]133;D;0;s=1\x07\x1b]133;D;0\x07\x1b]133;D;0;n=${nonce}\x07\x1b]133;\x1b]13\x1b[1mmore`,
    { kind: 'ended', sequence: 1, code: 12 },
    true,
    'p',
    { kind: 'ready' },
    true,
  ]);
});

it('marks are found whatever the chunking', () => {
  for (let cut = 1; cut < 120; cut++) assert.deepEqual(split(cut), split(stream.length), `cut into ${cut}`);
});
