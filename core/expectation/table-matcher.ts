import { setValues } from '../by-name.ts';
import { psqlWidth } from '../output/psql-width.ts';
import { type CellTest, compileCell, expandFrom } from './cell-test.ts';
import type { CellDiff, Diff, DiffRow, Expectation, ExpectedCell, Judgement, Matcher } from './model.ts';
import { pairRows, type RowTests } from './row-pairing.ts';
import { placeColumns } from './table-columns.ts';
import { linesBeside, readTable } from './table-read.ts';
import { type RawTable, TableError } from './table-text.ts';
import { trimBlanks, trimLineEnd } from './whitespace.ts';

type TableExpectation = Extract<Expectation, { kind: 'table' }>;

/** Output beyond this many characters is not read as a table. */
const mostCharacters = 10_000_000;
/** A longer table is compared only when it is complete. */
const mostPreviewed = 100_000;

/**
 * Compares a table in the output by column name, when it is complete. Costs O(rows) for `exact`; otherwise rows without
 * placeholders are found by their cells, and the rest by O(rows²) row tests and a matching in O(rows^2.5).
 */
export function createTableMatcher(expectation: TableExpectation): Matcher {
  const tests = expectation.rows.map((row) => row.cells.map((cell) => compileCell(cell.parts)));
  const lines: string[] = [];
  let size = 0;
  const add = (to: string[], output: readonly string[]): void => {
    for (const line of output) {
      size += line.length + 1;
      if (size <= mostCharacters) to.push(line);
    }
  };
  const judge = (output: readonly string[], length: number): Judgement =>
    length > mostCharacters
      ? failed(expectation, 'the output is longer than 10 MB and was not read as a table')
      : judgeTable(expectation, tests, output);
  const withTail = (tail: readonly string[]): Judgement => {
    const more = tail.reduce((sum, line) => sum + line.length + 1, 0);
    return judge([...lines, ...tail], size + more);
  };
  return {
    push: (output) => add(lines, output),
    accepts: (tail = []) => withTail(tail).passed,
    end: () => judge(lines, size),
    preview(tail = []) {
      const judgement = size > mostPreviewed ? failed(expectation, '') : withTail(tail);
      if (judgement.passed) return judgement.diff;
      const rows = judgement.diff.rows.map(
        (row): DiffRow => (row.kind === 'missing' ? { ...row, kind: 'pending' } : row),
      );
      return { kind: 'table', rows, columns: expectation.columns };
    },
  };
}

function judgeTable(expectation: TableExpectation, tests: readonly CellTest[][], output: readonly string[]): Judgement {
  let table: RawTable;
  try {
    table = readTable(output, { columns: expectation.columns, below: expectation.below?.length ?? 0 });
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
    const what = `${error.message}: ${error.hint}`;
    return failed(expectation, output.length === 0 ? what : `output line ${error.line + 1}: ${what}`, output);
  }
  const names = table.columns.map((column) => column.text);
  const empty = table.form === 'expanded' && table.rows.length === 0;
  const indexes = empty ? [] : placeColumns(expectation.columns, names);
  if (typeof indexes === 'string') return failed(expectation, indexes, output);
  const actual = table.rows.map((row) => indexes.map((index) => row.cells[index]?.text ?? ''));
  // A cell with a tab may be met by blanks: it is found by its test only.
  const tabbed = actual.some((cells) => cells.some((cell) => cell.includes('\t')));
  const columnOf = (row: number, cell: number): number => {
    const raw = tabbed ? table.rows[row] : undefined;
    const line = raw === undefined ? '' : (output[raw.line] ?? '');
    return psqlWidth(expandFrom(line.slice(0, raw?.cells[indexes[cell] ?? 0]?.offset), 0));
  };
  const rowTests: RowTests = {
    expected: tests.length,
    actual,
    literalKey(expected) {
      const cells = tests[expected]?.map((test) => test.literal) ?? [];
      return tabbed || cells.includes(undefined) ? undefined : JSON.stringify(cells);
    },
    cellMatches: (expected, cell, actualRow) =>
      tests[expected]?.[cell]?.matches(actual[actualRow]?.[cell] ?? '', columnOf(actualRow, cell)) === true,
  };
  const paired = pairRows(rowTests, expectation.order);
  if (paired === undefined) return failed(expectation, 'too many rows with placeholders to be compared in any order');
  const rows: DiffRow[] = [];
  let passed = true;
  let doubtful = false;
  const captures: Record<string, string> = {};
  const lineOf = (row: number): number => (table.rows[row]?.line ?? 0) + 1;
  for (const pair of paired) {
    if (pair.kind === 'unexpected') {
      const other = isRow(table, pair.actual);
      if (expectation.order === 'contains' && other) continue;
      passed = false;
      doubtful ||= !other;
      rows.push({ kind: 'unexpected', actual: show(actual[pair.actual]), line: lineOf(pair.actual) });
      continue;
    }
    const expected = expectation.rows[pair.expected];
    const text = show(expected?.cells.map((cell) => cell.text));
    if (pair.kind === 'missing') {
      passed = false;
      rows.push({ kind: 'missing', expected: pair.expected, text });
      continue;
    }
    const cells = expectation.columns.map((column, i): CellDiff => {
      const found = actual[pair.actual]?.[i] ?? '';
      const test = tests[pair.expected]?.[i];
      const at = columnOf(pair.actual, i);
      if (test?.hasCaptures === true) setValues(captures, test.captures(found, at));
      return {
        column,
        expected: expected?.cells[i]?.text ?? '',
        actual: found,
        same: test?.matches(found, at) === true,
      };
    });
    const line = lineOf(pair.actual);
    if (cells.every((cell) => cell.same)) {
      rows.push({ kind: 'matched', expected: pair.expected, text, actual: show(actual[pair.actual]), line });
    } else {
      passed = false;
      rows.push({ kind: 'differs', expected: pair.expected, cells, line });
    }
  }
  const complaint =
    complaintAbout(expectation, table, output, { rows, captures }) ??
    (doubtful && expectation.order === 'contains'
      ? 'a line that is not expected may be a row or a message: let psql print its footer `(N rows)`'
      : undefined);
  if (complaint !== undefined) passed = false;
  const diff: Diff = {
    kind: 'table',
    rows,
    columns: expectation.columns,
    ...(complaint === undefined ? {} : { problem: complaint }),
  };
  return { passed, captures: passed ? captures : {}, diff };
}

/** Is the row one of the table beyond doubt? Another table's header, or a message, is none. */
function isRow(table: RawTable, row: number): boolean {
  const { doubtful, cells } = table.rows[row] ?? { cells: [] };
  return (
    doubtful !== true && !(table.footer === undefined && cells.every((cell, i) => cell.text === table.columns[i]?.text))
  );
}

/** What else is wrong than rows; unexpected lines outside of the table go to `rows`. */
function complaintAbout(
  expectation: TableExpectation,
  table: RawTable,
  output: readonly string[],
  result: { readonly rows: DiffRow[]; readonly captures: Record<string, string> },
): string | undefined {
  const beside = linesBeside(output, table);
  const expected = expectation.above ?? [];
  const title = table.titled && expected.length < beside.above.length;
  const above = title ? beside.above.slice(0, -1) : beside.above;
  let complaint =
    compareBeside('above', expected, above, output, result) ??
    compareBeside('below', expectation.below ?? [], beside.below, output, result);
  if (expectation.count !== undefined && expectation.count !== table.rows.length) {
    complaint ??= `(${expectation.count} rows) were expected, ${table.rows.length} came`;
  }
  return complaint;
}

/** Compares lines beside the table one after the other, without their indentation. */
function compareBeside(
  where: 'above' | 'below',
  expected: readonly ExpectedCell[],
  lines: readonly number[],
  output: readonly string[],
  { rows, captures }: { readonly rows: DiffRow[]; readonly captures: Record<string, string> },
): string | undefined {
  let next = 0;
  let missing: string | undefined;
  let others = 0;
  for (const line of lines) {
    const text = trimBlanks(output[line] ?? '');
    const ahead = expected.slice(next).findIndex(({ parts }) => compileCell(parts).matches(text));
    if (ahead < 0) {
      others++;
      rows.push({ kind: 'unexpected', actual: trimLineEnd(output[line] ?? ''), line: line + 1 });
      continue;
    }
    if (ahead > 0) missing ??= expected[next]?.text;
    next += ahead;
    for (const [name, value] of Object.entries(compileCell(expected[next]?.parts ?? []).captures(text)))
      captures[name] = value;
    next++;
  }
  missing ??= expected[next]?.text;
  if (missing !== undefined) return `the line \`${missing}\` was expected ${where} the table`;
  return others > 0 ? 'the output has lines that do not belong to the table' : undefined;
}

function failed(expectation: TableExpectation, problem: string, output: readonly string[] = []): Judgement {
  const missing = expectation.rows.map(
    (row, expected): DiffRow => ({ kind: 'missing', expected, text: show(row.cells.map((cell) => cell.text)) }),
  );
  const shown = output.map(trimLineEnd).slice(0, 50);
  const unexpected = shown.flatMap((actual, i): DiffRow[] =>
    actual === '' ? [] : [{ kind: 'unexpected', actual, line: i + 1 }],
  );
  const long: DiffRow[] = output.length > 50 ? [{ kind: 'elided', count: output.length - 50, why: 'long' }] : [];
  return {
    passed: false,
    captures: {},
    diff: { kind: 'table', rows: [...missing, ...unexpected, ...long], columns: expectation.columns, problem },
  };
}

function show(cells: readonly string[] | undefined): string {
  return (cells ?? []).join(' | ');
}
