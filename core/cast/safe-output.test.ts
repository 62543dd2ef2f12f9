import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSafeOutput, safeOutput } from './safe-output.ts';
import { createTerminalTokens, stringLimit } from './terminal-tokens.ts';

const kept: readonly string[] = [
  'plain text\r\n',
  '日本語 👩‍💻 e\u0301\t|',
  '\x1b[31;1mred\x1b[0m \x1b[38;2;1;2;3mtrue\x1b[m \x1b[4:3mcurly\x1b[0m',
  '\x1b[2J\x1b[H\x1b[3;4Hat\x1b[10C\x1b[1A\x1b[K\x1b[?K',
  'progress 10%\rprogress 20%\r\x1b[2K',
  'a\bb\x1b7\x1b[5;10r\x1b8\x1bM\x1bD',
  '\x1b[?1049h\x1b[?25l\x1b[?25h\x1b[?1049l\x1b(0lqk\x1b(B',
];

const removed: Readonly<Record<string, string>> = {
  title: '\x1b]0;alice@leak: /home/leak\x07',
  'icon and title by ST': '\x1b]1;leak\x1b\\\x1b]2;leak\x1b\\',
  'directory (7)': '\x1b]7;file://leak/home/leak\x07',
  'directory (9;9)': '\x1b]9;9;"C:\\leak"\x1b\\',
  marks: '\x1b]133;A;leak\x07\x1b]133;C\x1b\\\x1b]633;P;Cwd=/leak\x07',
  iterm: '\x1b]1337;RemoteHost=alice@leak\x07\x1b]1337;CurrentDir=/leak\x07',
  clipboard: '\x1b]52;c;bGVhaw==\x07',
  notification: '\x1b]777;notify;leak;leak\x07',
  palette: '\x1b]4;1;?\x07\x1b]10;?\x1b\\\x1b]104\x07',
  'tmux passthrough': '\x1bPtmux;\x1b\x1b]0;leak\x07\x1b\\',
  'screen title': '\x1bkleak\x1b\\',
  sixel: '\x1bPq#0;2;0;0;0leak\x07still\x1b\\',
  'application, privacy, start of string': '\x1b_Gleak\x1b\\\x1b^leak\x1b\\\x1bXleak\x1b\\',
  '8-bit OSC and DCS': '\x9d0;leak\x9c\x90leak\x9c\x9eleak\x9c\x9fleak\x1b\\',
  '8-bit as bytes': '\udc9d0;leak\udc9c\udc90leak\udc9c',
  questions: '\x1b[c\x1b[>c\x1b[=c\x1b[0c\x1b[5n\x1b[6n\x1b[?6n\x1b[14t\x1b[18t\x1b[?25$p\x1b[>q\x1bZ\x05',
  'window and keyboard': '\x1b[22;0t\x1b[8;50;132t\x1b[>4;2m\x1b[>1u\x1b[?u\x1b[?2004h\x1b[?1000;1006h\x1b[?1h\x1b=',
  'media copy, leds, alignment': '\x1b[5i\x1b[1q\x1b#8\x1b[4 q',
  bell: '\x07',
  'huge numbers': '\x1b[99999b\x1b[2147483647C',
  'aborted by CAN and SUB': '\x1b]0;leak\x18\x1b[31\x1a',
  'begun anew': '\x1b\x1b[\x1b[12\x1b]0;leak\x07',
  unfinished: '\x1b]0;leak',
  'unfinished ESC': '\x1b',
  'unfinished CSI': '\x1b[12;',
};

for (const text of kept) test(`keeps ${JSON.stringify(text)}`, () => assert.equal(safeOutput(text), text));

for (const [what, text] of Object.entries(removed)) {
  test(`removes ${what}, and nothing around it`, () => {
    assert.equal(safeOutput(text), '');
    if (!what.startsWith('unfinished')) assert.equal(safeOutput(`before${text}after`), 'beforeafter');
  });
}

test('a hyperlink becomes its text', () => {
  assert.equal(safeOutput('see \x1b]8;id=1;file://leak/home/leak\x1b\\here\x1b]8;;\x1b\\.'), 'see here.');
});

test('8-bit sequences that draw come out in 7 bits', () => {
  assert.equal(safeOutput('\x9b31mred\x9b0m\x85\udc9b1mbold\x8d'), '\x1b[31mred\x1b[0m\x1bE\x1b[1mbold\x1bM');
});

test('what is removed never joins what is around it to a sequence', () => {
  const inner = '\x1b]0;x\x07';
  for (const outer of ['\x1b]0;leak\x07', '\x1b[31m', '\x1bPleak\x1b\\', '\x1b[6n']) {
    for (let at = 0; at <= outer.length; at++) {
      const told = safeOutput(outer.slice(0, at) + inner + outer.slice(at));
      assert.equal(safeOutput(told), told, JSON.stringify([at, outer, told]));
      assert.doesNotMatch(told, /\x1b[^[]/, 'no string begins');
    }
  }
});

test('a string that never ends swallows no more than its limit', () => {
  const told = safeOutput(`a\x1b]0;${'x'.repeat(stringLimit)}b`);
  assert.equal(told.slice(0, 1), 'a');
  assert.equal(told.slice(1).replaceAll('x', ''), 'b');
  assert.ok(told.length < 10);
});

test('gives the same wherever the output is cut', () => {
  const whole = [...kept, ...Object.values(removed)].join('~');
  const expected = safeOutput(whole);
  for (let first = 0; first <= whole.length; first++) {
    assert.equal(inPieces(whole, [first]), expected, `cut at ${first}`);
  }
  assert.equal(
    inPieces(
      whole,
      Array.from({ length: whole.length }, (_, at) => at),
    ),
    expected,
  );
});

test('gives the same wherever random garbage is cut, and is satisfied with its own output', () => {
  const alphabet = [
    ...'ab0;:?>!$ [](PX^_k\\mhHJc\x07\x18\x1a\x1b\x1b\x1b\x1b\x7f\r\n\x00',
    '\x90',
    '\x9b',
    '\x9c',
    '\x9d',
    '\udc9b',
    '\udc9c',
    '\ud83d',
    '\ude00',
    '😀',
    'あ',
  ];
  let seed = 20261123;
  const next = (below: number): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  for (let round = 0; round < 3000; round++) {
    const text = Array.from({ length: 1 + next(40) }, () => alphabet[next(alphabet.length)]).join('');
    const expected = safeOutput(text);
    const cuts = Array.from({ length: next(6) }, () => next(text.length + 1)).sort((a, b) => a - b);
    assert.equal(inPieces(text, cuts), expected, `${JSON.stringify(text)} cut at ${cuts}`);
    assert.equal(safeOutput(expected), expected, JSON.stringify(text));
  }
});

test('tokens are the whole input', () => {
  const whole = [...kept, ...Object.values(removed)].join('~');
  const tokens = createTerminalTokens();
  const told = [...tokens.write(whole.slice(0, 99)), ...tokens.write(whole.slice(99)), ...tokens.end()];
  assert.equal(told.map(({ text }) => text).join(''), whole);
});

function inPieces(text: string, cuts: readonly number[]): string {
  const filter = createSafeOutput();
  let told = '';
  let from = 0;
  for (const cut of [...cuts, text.length]) {
    told += filter.write(text.slice(from, cut));
    from = cut;
  }
  return told + filter.end();
}
