import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutDiff } from './cut-diff.ts';
import type { Diff, DiffRow } from './model.ts';

const matched = (line: number): DiffRow => ({
  kind: 'matched',
  expected: line,
  text: `t${line}`,
  actual: `a${line}`,
  line,
});
const unexpected = (line: number): DiffRow => ({ kind: 'unexpected', actual: `u${line}`, line });
const missing = (expected: number): DiffRow => ({ kind: 'missing', expected, text: `m${expected}` });
const pending = (expected: number): DiffRow => ({ kind: 'pending', expected, text: `p${expected}` });
const many = (count: number, row: (index: number) => DiffRow): DiffRow[] =>
  Array.from({ length: count }, (_, i) => row(i));
const shorten = (text: string, limit: number): string => text.slice(0, limit);
const cut = (
  rows: readonly DiffRow[],
  limits: { rows?: number; text?: number; all?: number } = {},
): readonly DiffRow[] => cutDiff({ kind: 'text', rows }, { rows: 20, text: 10, all: 1e6, shorten, ...limits }).rows;
/** Rows that a cut diff stands for. */
const count = (rows: readonly DiffRow[]): number =>
  rows.reduce((sum, row) => sum + (row.kind === 'elided' ? row.count : 1), 0);

test('a short diff stays as it is', () => {
  const diff: Diff = { kind: 'table', rows: many(20, matched), columns: ['a'], problem: 'not so' };
  assert.deepEqual(cutDiff(diff, { rows: 20, text: 10, all: 1e6, shorten }), diff);
});

for (const [what, rows, kinds] of [
  [
    'what differs and what stands near',
    [...many(500, matched), missing(500), unexpected(501), ...many(500, matched)],
    'missing,unexpected',
  ],
  ['where the output has come to', [...many(500, matched), ...many(500, pending)], 'matched,pending'],
  ['both ends where all matched', many(1000, matched), 'matched,elided'],
  ['a row at each end', [missing(0), ...many(900, matched), unexpected(9)], 'missing,matched'],
] as const) {
  test(`a long diff keeps ${what}`, () => {
    const shown = cut(rows);
    assert.ok(shown.length <= 20 && shown.length >= 18, `${shown.length}`);
    assert.equal(count(shown), rows.length);
    assert.ok(
      shown
        .map(({ kind }) => kind)
        .join()
        .includes(kinds),
    );
    for (const row of rows.filter(({ kind }) => kind === 'missing' || kind === 'unexpected'))
      assert.ok(shown.some((other) => JSON.stringify(other) === JSON.stringify(row)));
  });
}

test('of many rows that differ the first ones are kept', () => {
  for (const rows of [many(1000, unexpected), many(1000, (i) => (i % 3 === 0 ? missing(i) : matched(i)))]) {
    const shown = cut(rows);
    assert.ok(shown.length <= 20);
    assert.equal(count(shown), 1000);
    assert.deepEqual(shown[0], rows[0]);
    assert.equal(shown.at(-1)?.kind, 'elided');
  }
});

test('what an elided row stood for is counted', () => {
  const long: DiffRow = { kind: 'elided', count: 1000, why: 'ellipsis', expected: 1 };
  assert.equal(count(cut([unexpected(0), ...many(100, matched), long, ...many(100, matched)])), 1201);
});

test('texts are shortened, all the more when there are many', () => {
  const text = 'x'.repeat(100);
  const row: DiffRow = {
    kind: 'differs',
    expected: 0,
    cells: [{ column: text, expected: text, actual: text, same: false }],
    line: 1,
  };
  const [shown] = cut([row]);
  const short = 'x'.repeat(10);
  assert.deepEqual(shown, { ...row, cells: [{ column: short, expected: short, actual: short, same: false }] });
  const all = cut(
    many(20, (line) => ({ kind: 'unexpected', actual: 'y'.repeat(1000), line })),
    { text: 500, all: 1000 },
  );
  assert.deepEqual([...new Set(all.map((each) => (each.kind === 'unexpected' ? each.actual.length : 0)))], [50]);
});
