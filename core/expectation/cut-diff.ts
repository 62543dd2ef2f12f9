import type { CellDiff, Diff, DiffRow } from './model.ts';

/** How much of a diff is shown, and how a text is brought to a length. */
export type DiffCut = {
  readonly rows: number;
  /** UTF-16 units of one text. */
  readonly text: number;
  /** UTF-16 units of all texts, about. */
  readonly all: number;
  readonly shorten: (text: string, limit: number) => string;
};

/** A diff with no more than its most telling rows: what is missing, unexpected or differs, then what stands near. */
export function cutDiff(diff: Diff, cut: DiffCut): Diff {
  const rows = cutRows(diff.rows, cut.rows);
  const texts = rows.flatMap(textsOf);
  const size = texts.reduce((sum, text) => sum + Math.min(text.length, cut.text), 0);
  const limit = size <= cut.all ? cut.text : Math.max(40, Math.floor(cut.all / texts.length));
  const short = (text: string): string => cut.shorten(text, limit);
  return {
    ...diff,
    rows: rows.map((row) => shortRow(row, short)),
    ...(diff.problem !== undefined && { problem: cut.shorten(diff.problem, cut.text) }),
  };
}

function cutRows(rows: readonly DiffRow[], limit: number): readonly DiffRow[] {
  if (rows.length <= limit) return rows;
  const seeds = seedsOf(rows, Math.floor((limit - 1) / 4));
  const kept = new Set<number>();
  const isKept = (index: number): boolean => index < 0 || index >= rows.length || kept.has(index);
  // Each stretch of rows that is left out costs a row itself.
  let stretches = 1;
  const keep = (index: number): void => {
    if (isKept(index)) return;
    kept.add(index);
    stretches += 1 - Number(isKept(index - 1)) - Number(isKept(index + 1));
  };
  const room = (): boolean => kept.size + stretches < limit;
  for (const seed of seeds) keep(seed);
  for (let distance = 1; distance < rows.length && room(); distance++) {
    for (const seed of seeds) {
      if (room()) keep(seed - distance);
      if (room()) keep(seed + distance);
    }
  }
  const shown: DiffRow[] = [];
  let count = 0;
  rows.forEach((row, index) => {
    if (!kept.has(index)) {
      count += row.kind === 'elided' ? row.count : 1;
      return;
    }
    if (count > 0) shown.push({ kind: 'elided', count, why: 'long' });
    count = 0;
    shown.push(row);
  });
  if (count > 0) shown.push({ kind: 'elided', count, why: 'long' });
  return shown;
}

/** The rows that matter most; the first ones of them. Without any, where the output has come to, or both ends. */
function seedsOf(rows: readonly DiffRow[], most: number): readonly number[] {
  const seeds: number[] = [];
  for (let index = 0; index < rows.length && seeds.length < most; index++) {
    const kind = rows[index]?.kind;
    if (kind === 'missing' || kind === 'misplaced' || kind === 'unexpected' || kind === 'differs') seeds.push(index);
  }
  const pending = rows.findIndex(({ kind }) => kind === 'pending');
  if (pending >= 0) seeds.push(pending);
  return seeds.length > 0 ? seeds : [0, rows.length - 1];
}

function textsOf(row: DiffRow): readonly string[] {
  switch (row.kind) {
    case 'matched':
      return [row.text, row.actual];
    case 'pending':
    case 'missing':
    case 'misplaced':
      return [row.text];
    case 'unexpected':
      return [row.actual];
    case 'differs':
      return row.cells.flatMap(({ column, expected, actual }) => [column, expected, actual]);
    case 'elided':
      return row.shown?.map(({ text }) => text) ?? [];
  }
}

function shortRow(row: DiffRow, short: (text: string) => string): DiffRow {
  switch (row.kind) {
    case 'matched':
      return { ...row, text: short(row.text), actual: short(row.actual) };
    case 'pending':
    case 'missing':
    case 'misplaced':
      return { ...row, text: short(row.text) };
    case 'unexpected':
      return { ...row, actual: short(row.actual) };
    case 'differs':
      return {
        ...row,
        cells: row.cells.map(
          (cell): CellDiff => ({
            ...cell,
            column: short(cell.column),
            expected: short(cell.expected),
            actual: short(cell.actual),
          }),
        ),
      };
    case 'elided':
      return row.shown === undefined
        ? row
        : { ...row, shown: row.shown.map(({ line, text }) => ({ line, text: short(text) })) };
  }
}
