import type { CellDiff, Diff, DiffRow, Expectation, Judgement, Matcher } from './model.ts';
import { compileParts, type PartTest } from './part-test.ts';
import { pairRows, type RowTests } from './row-pairing.ts';
import { readTable } from './table-read.ts';
import { type RawTable, TableError } from './table-text.ts';
import { trimLineEnd } from './whitespace.ts';

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
  const tests = expectation.rows.map((row) => row.cells.map((cell) => compileParts(cell.parts)));
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

function judgeTable(expectation: TableExpectation, tests: readonly PartTest[][], output: readonly string[]): Judgement {
  let table: RawTable;
  try {
    table = readTable(output, expectation.columns);
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
    const what = `${error.message}: ${error.hint}`;
    return failed(expectation, output.length === 0 ? what : `output line ${error.line + 1}: ${what}`, output);
  }
  const names = table.columns.map((column) => column.text);
  const empty = table.form === 'expanded' && table.rows.length === 0;
  const problem = empty ? undefined : columnProblem(expectation.columns, names);
  if (problem !== undefined) return failed(expectation, problem, output);
  const indexes = expectation.columns.map((name) => names.indexOf(name));
  const actual = table.rows.map((row) => indexes.map((index) => row.cells[index]?.text ?? ''));
  const rowTests: RowTests = {
    expected: tests.length,
    actual,
    literalKey(expected) {
      const cells = tests[expected]?.map((test) => test.literal) ?? [];
      return cells.includes(undefined) ? undefined : JSON.stringify(cells);
    },
    cellMatches: (expected, cell, text) => tests[expected]?.[cell]?.matches(text) === true,
  };
  const paired = pairRows(rowTests, expectation.order);
  if (paired === undefined) return failed(expectation, 'too many rows with placeholders to be compared in any order');
  const rows: DiffRow[] = [];
  let passed = true;
  const captures: Record<string, string> = {};
  const lineOf = (row: number): number => (table.rows[row]?.line ?? 0) + 1;
  for (const pair of paired) {
    if (pair.kind === 'unexpected') {
      passed &&= expectation.order === 'contains';
      if (expectation.order !== 'contains')
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
      if (test?.hasCaptures === true) Object.assign(captures, test.captures(found));
      return { column, expected: expected?.cells[i]?.text ?? '', actual: found, same: test?.matches(found) === true };
    });
    const line = lineOf(pair.actual);
    if (cells.every((cell) => cell.same)) {
      rows.push({ kind: 'matched', expected: pair.expected, text, actual: show(actual[pair.actual]), line });
    } else {
      passed = false;
      rows.push({ kind: 'differs', expected: pair.expected, cells, line });
    }
  }
  const complaint = complaintAbout(expectation, table, output, rows);
  if (complaint !== undefined) passed = false;
  const diff: Diff = {
    kind: 'table',
    rows,
    columns: expectation.columns,
    ...(complaint === undefined ? {} : { problem: complaint }),
  };
  return { passed, captures: passed ? captures : {}, diff };
}

/** What else is wrong than rows; lines outside of the table go to `rows`. */
function complaintAbout(
  expectation: TableExpectation,
  table: RawTable,
  output: readonly string[],
  rows: DiffRow[],
): string | undefined {
  const { title } = table;
  const extra = [...table.extra];
  let complaint: string | undefined;
  if (expectation.title !== undefined && title?.text !== expectation.title) {
    complaint = `the title \`${expectation.title}\` was expected, \`${title?.text ?? ''}\` came`;
  }
  if (title !== undefined && expectation.title === undefined && !title.centred) extra.unshift(table.headerLine - 1);
  for (const line of extra) rows.push({ kind: 'unexpected', actual: trimLineEnd(output[line] ?? ''), line: line + 1 });
  if (extra.length > 0) complaint ??= 'the output has lines that do not belong to the table';
  if (expectation.count !== undefined && expectation.count !== table.rows.length) {
    complaint ??= `(${expectation.count} rows) were expected, ${table.rows.length} came`;
  }
  return complaint;
}

function columnProblem(wanted: readonly string[], names: readonly string[]): string | undefined {
  for (const name of wanted) {
    const times = names.filter((other) => other === name).length;
    if (times === 0)
      return `the output has no column \`${name}\`; it has ${names.map((other) => `\`${other}\``).join(', ')}`;
    if (times > 1) return `the output has ${times} columns \`${name}\`: rename them with \`AS\` in the query`;
  }
  return undefined;
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
