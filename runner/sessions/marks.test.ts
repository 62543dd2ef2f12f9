import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createMarkSplitter } from './marks.ts';

const nonce = 'a'.repeat(32);
const stream = [
  `x\x1b]133;C;n=${nonce}\x07out\x1b]133;D;0;n=${'b'.repeat(32)};s=1\x07`,
  `\x1b]133;D;0;s=1\x07\x1b]133;D;0\x07\x1b]133;D;0;n=${nonce}\x07\x1b]133;\x1b]13\x1b[1mmore`,
  `\x1b]133;F;3;n=${nonce};s=200005\x07\x1b]133;E;n=${nonce};s=200005\x07\x1b]133;X;n=${nonce};s=200005\x07`,
  `\x1b]133;D;12;n=${nonce};s=200005\x07\x1b]133;A;n=${nonce}\x07p\x1b]133;B;n=${nonce};f=xr;p=0.1.\x07\x1b]133`,
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
    { kind: 'began' },
    true,
    `out\x1b]133;D;0;n=${'b'.repeat(32)};s=1\x07\x1b]133;D;0;s=1\x07\x1b]133;D;0\x07\x1b]133;D;0;n=${nonce}\x07\x1b]133;\x1b]13\x1b[1mmore`,
    { kind: 'hidden', code: 3, sequence: 1, index: 2 },
    true,
    { kind: 'aborted', sequence: 1, index: 2 },
    true,
    { kind: 'complete', sequence: 1, index: 2 },
    true,
    { kind: 'ended', code: 12, sequence: 1, index: 2 },
    true,
    { kind: 'prompt' },
    true,
    'p',
    { kind: 'ready', flags: 'xr', pipe: '0.1.' },
    true,
  ]);
});

it('marks are found whatever the chunking', () => {
  for (let cut = 1; cut < 200; cut++) assert.deepEqual(split(cut), split(stream.length), `cut into ${cut}`);
});
