import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import type { DiffRow } from '../../core/expectation/model.ts';
import { renderDiff } from './diff-text.ts';
import { visible } from './visible.ts';

const matched = (text: string): DiffRow => ({ kind: 'matched', expected: 0, text, actual: text, line: 1 });
const draw = (rows: readonly DiffRow[], style = {}): string[] =>
  renderDiff({ kind: 'text', rows }, { color: false, ...style });

test('a change is shown with three lines around it, the rest is counted', () => {
  const rows: DiffRow[] = [
    ...['1', '2', '3', '4', '5'].map(matched),
    { kind: 'missing', expected: 5, text: 'old' },
    { kind: 'unexpected', actual: 'new', line: 6 },
    ...['6', '7', '8', '9', '10'].map(matched),
  ];
  assert.deepEqual(draw(rows), [
    '  … 2 lines alike',
    '  3',
    '  4',
    '  5',
    '- old',
    '+ new',
    '  6',
    '  7',
    '  8',
    '  … 2 lines alike',
  ]);
});

test('every open or wrong row is shown, whatever is around it', () => {
  const open: DiffRow[] = [
    { kind: 'missing', expected: 0, text: 'm' },
    { kind: 'unexpected', actual: 'u', line: 1 },
    { kind: 'pending', expected: 0, text: 'p' },
    { kind: 'differs', expected: 0, line: 1, cells: [{ column: 'c', expected: 'e', actual: 'a', same: false }] },
  ];
  const shown = ['- m', '+ u', '? p', '~ c: -[e] +[a]'];
  for (let at = 0; at < 40; at++) {
    for (const [index, row] of open.entries()) {
      const rows = Array.from({ length: 40 }, (_, n) => (n === at ? row : matched(`line ${n}`)));
      assert.ok(draw(rows).includes(shown[index] ?? ''), `${row.kind} at ${at}`);
    }
  }
});

test('lines behind an ellipsis are counted, none is not mentioned', () => {
  const elided = (count: number): DiffRow => ({ kind: 'elided', expected: 0, count, why: 'ellipsis' });
  assert.deepEqual(draw([elided(1), elided(0), elided(12)]), ['  … 1 line by `...`', '  … 12 lines by `...`']);
});

test('a problem comes first, and a limit says how much it hides', () => {
  const rows = Array.from({ length: 10 }, (_, n): DiffRow => ({ kind: 'missing', expected: n, text: `m${n}` }));
  assert.deepEqual(draw(rows, { limit: 2 }), ['- m0', '- m1', '… 8 more']);
  const lines = renderDiff({ kind: 'table', rows: [], problem: 'the output is no table' }, { color: false });
  assert.deepEqual(lines, ['! the output is no table']);
});

test('colours change nothing in the text', () => {
  const rows: DiffRow[] = [matched('a'), { kind: 'missing', expected: 1, text: 'b' }];
  assert.deepEqual(draw(rows, { color: true }).map(stripVTControlCharacters), draw(rows));
  assert.notDeepEqual(draw(rows, { color: true }), draw(rows));
});

test('output cannot act on the terminal that shows it', () => {
  assert.equal(visible('\x1b[2J\r\x07\udcff\ud800\u202e\u009b'), '\\x1b[2J\\x0d\\x07\\xff\\ud800\\u202e\\x9b');
  assert.equal(visible('日本\t語\n😀 é'), '日本\t語\n😀 é');
  const [line] = draw([{ kind: 'unexpected', actual: '\x1b]0;title\x07', line: 1 }]);
  assert.equal(line, '+ \\x1b]0;title\\x07');
});

test('what an ellipsis took where something is wrong is shown, and where a line came instead', () => {
  const shown = [1, 2, 9].map((line) => ({ line, text: `l${line}` }));
  const rows: DiffRow[] = [
    { kind: 'elided', expected: 0, count: 9, why: 'ellipsis', shown },
    { kind: 'misplaced', expected: 1, text: 'b', line: 4 },
    { kind: 'unexpected', actual: 'é', line: 10, note: 'told apart' },
  ];
  assert.deepEqual(renderDiff({ kind: 'text', rows }, { color: false }), [
    '  … 9 lines by `...`',
    ': l1',
    ': l2',
    ': … 6 lines more',
    ': l9',
    '- b',
    '    came on line 4, not here',
    '+ é',
    '    told apart',
  ]);
});
