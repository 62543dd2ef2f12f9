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
    name: 'tabs stay tabs',
    text: 'a\tb\t\tc\r\n12345678\tx\r\n日本\tx\r\ny\t\r\n',
    lines: ['a\tb\t\tc', '12345678\tx', '日本\tx', 'y\t'],
  },
  {
    name: 'tabs stay tabs while a terminal draws, but not where a movement left them out or something stands in their place',
    text: 'x\ry\ta\r\n日本\tx\tz\r\nabcdefghij\rX\tY\r\nab\x1b[5Cc\r\na\tb\r1234\r\n',
    lines: ['y\ta', '日本\tx\tz', 'XbcdefghYj', 'ab     c', '1234    b'],
  },
  {
    name: 'a string that never ends hides nothing',
    text: 'ok\r\n\x1b]0;ERROR: disk is full\r\nmore\r\n',
    lines: ['ok', '\x1b]0;ERROR: disk is full', 'more'],
  },
  {
    name: 'C1 controls are text',
    text: `ok\r\n\x9dERROR: disk is full\r\n\x90a\r\n\x9b3mb\x85c\r\n${'x'.repeat(30)}\x98y\r\n`,
    lines: ['ok', '\x9dERROR: disk is full', '\x90a', '\x9b3mb\x85c', `${'x'.repeat(30)}\x98y`],
  },
  ...[']', ']0;', ']8;;', 'P', 'X', '^', '_', '_G'].map((begin) => ({
    name: `ESC ${begin} that never ends hides nothing, drawn and not, however long`,
    text: `ok\r\n\x1b${begin}ERROR\r\n1\r2\r\n\x1b${begin}ERROR\x1b[31m\r\n\x1b${begin}${'x'.repeat(6000)}\r\n\x1b${begin}end`,
    lines: ['ok', `\x1b${begin}ERROR`, '2', `\x1b${begin}ERROR`, `\x1b${begin}${'x'.repeat(6000)}`, `\x1b${begin}end`],
  })),
  {
    name: 'a CSI that never ends hides nothing',
    text: 'ok\r\n\x1b[12345\r\n\x1b[3\r\nk\r\n\x1b[12',
    lines: ['ok', '\x1b[12345', '\x1b[3', 'k', '\x1b[12'],
  },
  {
    name: 'controls that draw nothing are seen',
    text: 'a\0b\x01\x02\x7fc\x0ed\x0f\r\n1\r2\0\r\n',
    lines: ['a\0b\x01\x02\x7fc\x0ed', '2\0'],
  },
  {
    name: 'strings that end go, long ones too',
    text: `a\x1b]0;${'t'.repeat(9000)}\x07b\x1bP${'q'.repeat(9000)}\x1b\\c\x1b_G\x1b\\d\r\n`,
    lines: ['abcd'],
  },
  {
    name: 'nothing is lost at the edge where wrapping is off',
    text: `\x1b[?7l${'x'.repeat(30)}ERROR\r\n`,
    lines: [`${'x'.repeat(30)}ERROR`],
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
    '\x1b]0;open',
    '\x1b\\',
    '\x1bP',
    '\x9d',
    '\0',
    '\x0e',
    'a\tb',
    '\x1b[12',
    '\x1b[?7l',
  ];
  it('for 300 seeded texts', async () => {
    const next = random(20_261_123);
    for (let round = 0; round < 300; round++) {
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
