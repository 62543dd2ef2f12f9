import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createTerminalText } from './terminal-text.ts';

const size = { columns: 20, rows: 4 };

async function render(text: string, cut: () => number = () => text.length): Promise<string[]> {
  const rendering = createTerminalText(size);
  const lines: string[] = [];
  for (let at = 0; at < text.length; ) {
    const length = Math.max(1, cut());
    lines.push(...(await rendering.write(text.slice(at, at + length))));
    at += length;
  }
  lines.push(...(await rendering.end()));
  return lines;
}

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => String(from + index));
const feed = (lines: readonly string[]) => lines.map((line) => `${line}\r\n`).join('');

const cases: readonly { name: string; text: string; lines: readonly string[] }[] = [
  { name: 'nothing', text: '', lines: [] },
  { name: 'plain lines', text: 'a\r\n\r\nb\r\n', lines: ['a', '', 'b'] },
  { name: 'a last line without an end', text: 'a\r\nb', lines: ['a', 'b'] },
  { name: 'bare line feeds', text: 'a\nb\r\r\nc\n', lines: ['a', 'b', 'c'] },
  { name: 'trailing spaces stay', text: 'a  \r\n', lines: ['a  '] },
  { name: 'colours go', text: '\x1b[1;31mred\x1b[0m \x1b[38;2;1;2;3mx\x1b[m\r\n', lines: ['red x'] },
  { name: "grep's colours go", text: '\x1b[01;31m\x1b[Kred\x1b[m\x1b[K!\r\n', lines: ['red!'] },
  {
    name: 'titles and other strings go',
    text: '\x1b]0;title\x07a\x1bPq\x1b\\b\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\\r\n',
    lines: ['ablink'],
  },
  { name: 'a bell goes', text: 'a\x07b\r\n', lines: ['ab'] },
  {
    name: 'tabs are spaces to the next stop',
    text: 'a\tb\t\tc\r\n12345678\tx\r\n日本\tx\r\ny\t\r\n',
    lines: [`a       b${' '.repeat(10)}c`, '12345678        x', '日本    x', 'y'],
  },
  { name: 'wrapped lines are one line', text: `${'x'.repeat(55)}\r\ny\r\n`, lines: ['x'.repeat(55), 'y'] },
  { name: 'a progress display shows its end', text: '10%\r50%\r100%\r\ndone\r\n', lines: ['100%', 'done'] },
  { name: 'a shorter text over a longer one', text: 'loading...\rok\r\n', lines: ['okading...'] },
  { name: 'erased to its end', text: 'loading...\r\x1b[Kok\r\n', lines: ['ok'] },
  { name: 'backspace', text: 'abc\b\bX\r\n', lines: ['aXc'] },
  {
    name: 'lines written over further up',
    text: 'a: wait\r\nb: wait\r\n\x1b[2A\x1b[3Cdone\x1b[2B\r',
    lines: ['a: done', 'b: wait'],
  },
  {
    name: 'what was over before is kept when the cursor moves',
    text: `${feed(numbers(1, 9))}\x1b[3Aseven\x1b[3B\r\nend\r\n`,
    lines: [...numbers(1, 6), 'seven', '8', '9', '', 'end'],
  },
  { name: 'a wrapped line, drawn', text: `\x1b[1A${'x'.repeat(45)}\r\ny\r\n`, lines: ['x'.repeat(45), 'y'] },
  {
    name: 'wide characters, drawn and wrapped',
    text: `\b${'a日本語日本語日本語日本語'}\r\n`,
    lines: ['a日本語日本語日本語日本語'],
  },
  {
    name: 'an alternate screen leaves nothing',
    text: 'before\r\n\x1b[?1049h\x1b[2J\x1b[Hfull\r\nscreen\x1b[?1049lafter\r\n',
    lines: ['before', 'after'],
  },
  { name: 'a screen left in the alternate screen', text: 'before\r\n\x1b[?1049hfull\r\n', lines: ['before'] },
  {
    name: 'clear takes back the screen, not what left it',
    text: `${feed(numbers(1, 6))}\x1b[H\x1b[2J\x1b[3Jnew\r\n`,
    lines: ['1', '2', '3', 'new'],
  },
  { name: 'a reset takes nothing back', text: `${feed(numbers(1, 6))}\x1bcnew\r\n`, lines: [...numbers(1, 6), 'new'] },
  {
    name: 'many lines after a movement',
    text: `x\ry\r\n${feed(numbers(1, 30_000))}`,
    lines: ['y', ...numbers(1, 30_000)],
  },
  {
    name: 'a very long line after a movement',
    text: `x\r${'y'.repeat(100_000)}\r\nz\r\n`,
    lines: ['y'.repeat(100_000), 'z'],
  },
  { name: 'lone surrogates', text: 'a\udcffb\r\n\rc\udc80\r\n', lines: ['a\udcffb', 'c\udc80'] },
];

describe('rendering', () => {
  for (const { name, text, lines } of cases) it(name, async () => assert.deepEqual(await render(text), lines));

  it('gives final lines early and shows the rest as a preview', async () => {
    const rendering = createTerminalText(size);
    assert.deepEqual(await rendering.write(feed(numbers(1, 6))), ['1', '2']);
    assert.deepEqual(await rendering.write('7'), []);
    assert.deepEqual(rendering.preview(), ['3', '4', '5', '6', '7']);
    await rendering.write('\x1b[1A\rnew');
    assert.deepEqual(rendering.preview().slice(-2), ['new', '7']);
  });

  it('returns to plain text after a progress display', async () => {
    const rendering = createTerminalText(size);
    await rendering.write('1%\r2%\r\n');
    await rendering.write(feed(numbers(1, 20)));
    assert.ok(Array.isArray(rendering.write('plain\r\n')));
  });
});

describe('the same lines whatever the chunking', () => {
  const pieces = [
    'text',
    'long text that needs more than one row',
    '\r\n',
    '\r\n',
    '\r\n',
    '\n',
    '\r',
    '\t',
    '\b',
    '日本語',
    '\x1b[31m',
    '\x1b[K',
    '\x1b[2K',
    '\x1b[A',
    '\x1b[2B',
    '\x1b[5C',
    '\x1b[H',
    '\x1b[J',
    '\x1b[?1049h',
    '\x1b[?1049l',
    '\x1b]0;t\x07',
    '\x1b(B',
    '\x1b(0',
    '\x1b[2;3r',
    '\x1b[r',
    '\x1b[L',
    '\x1b[M',
    '\x1b[S',
    '\x1b[T',
    '\x1b[3J',
    '\x1bc',
    '\x1bM',
    '\x1b[4h',
    '\x1b[4l',
    '\x1b7',
    '\x1b8',
    '\x07',
    feed(numbers(1, 12)),
    '\ud83d\udc18',
    '\udcff',
    '\x1b',
    '\x1b[',
    '\x9b1A',
  ];
  it('for 150 seeded texts', async () => {
    const next = random(20_261_123);
    for (let round = 0; round < 150; round++) {
      const parts = Array.from(
        { length: 1 + Math.floor(next() * 25) },
        () => pieces[Math.floor(next() * pieces.length)],
      );
      const text = parts.join('');
      const whole = await render(text);
      const cut = await render(text, () => Math.floor(next() * 9));
      assert.deepEqual(cut, whole, `round ${round}: ${JSON.stringify(text)}`);
    }
  });
});

/** xorshift32. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
