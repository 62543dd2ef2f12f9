import type { CellDiff, Diff, DiffRow } from '../../../core/expectation/model.ts';

/**
 * What a line of a shown diff says. `ellipsis`: any lines were permitted there; `passed-over`: one of these lines;
 * `left-out`: lines are not shown.
 */
export type LineKind =
  | 'matched'
  | 'pending'
  | 'missing'
  | 'misplaced'
  | 'unexpected'
  | 'differs'
  | 'passed-over'
  | 'ellipsis'
  | 'left-out';

/** A line of a shown diff. The same `key` in a later diff is the same line, whatever has become of it. */
export type DiffLine = {
  readonly key: string;
  readonly kind: LineKind;
  /** What came; where nothing did, what was expected. */
  readonly text: string;
  /** The expected line as written, when it came as something else. */
  readonly expected: string | undefined;
  /** Lines that an ellipsis stands for or that are left out. */
  readonly count: number;
  /** Compared cells of a table's row, or values of a JSON document. */
  readonly cells: readonly CellDiff[] | undefined;
  /** What is different in a line that only looks like an expected one. */
  readonly note: string | undefined;
};

/** The lines of a diff with keys that hold while it grows. */
export function diffLines(diff: Diff): readonly DiffLine[] {
  const seen = new Map<string, number>();
  return diff.rows.flatMap(unfolded).map((row) => {
    const name = row.kind === 'passed-over' ? `line ${row.line}` : nameOf(row);
    const times = seen.get(name) ?? 0;
    seen.set(name, times + 1);
    return {
      key: times === 0 ? name : `${name}.${times}`,
      ...(row.kind === 'passed-over' ? passedOver(row) : contentOf(row, diff.columns)),
    };
  });
}

/** Whether two lines of the same key are shown in the same way. */
export function sameLine(a: DiffLine, b: DiffLine): boolean {
  return (
    a.kind === b.kind &&
    a.text === b.text &&
    a.expected === b.expected &&
    a.count === b.count &&
    a.note === b.note &&
    (a.cells === b.cells || JSON.stringify(a.cells) === JSON.stringify(b.cells))
  );
}

type PassedOver = { readonly kind: 'passed-over'; readonly line: number; readonly text: string };

/** A row, and behind one of an ellipsis the lines that it took. */
function unfolded(row: DiffRow): readonly (DiffRow | PassedOver)[] {
  if (row.kind !== 'elided' || row.shown === undefined) return [row];
  return [row, ...row.shown.map((line) => ({ kind: 'passed-over', ...line }) as const)];
}

function passedOver({ text }: PassedOver): Omit<DiffLine, 'key'> {
  return { kind: 'passed-over', text, expected: undefined, count: 0, cells: undefined, note: undefined };
}

function nameOf(row: DiffRow): string {
  if (row.kind === 'unexpected') return `line ${row.line}`;
  if (row.kind === 'elided') return row.expected === undefined ? 'left out' : `elided ${row.why} ${row.expected}`;
  return `expected ${row.expected}`;
}

function contentOf(row: DiffRow, columns: readonly string[] | undefined): Omit<DiffLine, 'key'> {
  const bare = { expected: undefined, count: 0, cells: undefined, note: undefined };
  switch (row.kind) {
    case 'matched':
      return {
        ...bare,
        kind: 'matched',
        text: row.actual,
        expected: row.text === row.actual ? undefined : row.text,
        cells: cellsOf(columns, row.text, row.actual),
      };
    case 'pending':
    case 'missing':
      return { ...bare, kind: row.kind, text: row.text, cells: cellsOf(columns, row.text, '') };
    case 'misplaced':
      return { ...bare, kind: 'misplaced', text: row.text, count: row.line };
    case 'unexpected':
      return {
        ...bare,
        kind: 'unexpected',
        text: row.actual,
        cells: cellsOf(columns, '', row.actual),
        note: row.note,
      };
    case 'elided':
      return { ...bare, kind: row.why === 'ellipsis' ? 'ellipsis' : 'left-out', text: '', count: row.count };
    case 'differs':
      return { ...bare, kind: 'differs', text: '', cells: row.cells };
  }
}

/** Cells from a row's text; undefined when it does not have as many as there are columns. */
function cellsOf(
  columns: readonly string[] | undefined,
  expected: string,
  actual: string,
): readonly CellDiff[] | undefined {
  if (columns === undefined) return undefined;
  const [left, right] = [expected, actual].map((text) => (text === '' ? [] : text.split(' | ')));
  if (left === undefined || right === undefined) return undefined;
  if ([left, right].some((cells) => cells.length > 0 && cells.length !== columns.length)) return undefined;
  return columns.map((column, i) => ({ column, expected: left[i] ?? '', actual: right[i] ?? '', same: true }));
}
