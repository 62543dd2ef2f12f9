import type { Problem } from '../problem.ts';
import { checkCaptureNames, type PlacedParts } from './capture-names.ts';
import { checkCritical } from './critical.ts';
import type { Expectation, ExpectedCell } from './model.ts';
import { isEllipsis } from './parse-lines.ts';
import type { ParseOptions } from './parse-options.ts';
import { type Place, parseParts } from './parts.ts';
import { linesBeside, readTable } from './table-read.ts';
import { type RawCell, type RawTable, TableError } from './table-text.ts';
import { trimBlanks } from './whitespace.ts';

/** The rows of a table expectation; every mistake goes to `problems`. */
export function parseTable(
  lines: readonly string[],
  options: ParseOptions,
  problems: Problem[],
): Expectation | undefined {
  const placeOf = (line: number, offset = 0): Place => ({
    file: options.file,
    line: options.firstLine + line,
    column: 1 + (options.indent ?? 0) + offset,
  });
  const dots = lines.findIndex(isEllipsis);
  if (dots >= 0) {
    problems.push({
      ...placeOf(dots),
      what: 'an ellipsis in a table',
      hint: 'use `rows=contains` to allow further rows',
    });
    return undefined;
  }
  const table = readOrReport(lines, placeOf, problems);
  if (table === undefined) return undefined;
  const placed: PlacedParts[] = [];
  checkColumns(table, placeOf, problems);
  const rows = table.rows.map((row) => {
    const cells = row.cells.map((cell, i): ExpectedCell => {
      const place = placeOf(row.line, cell.offset);
      const text = table.form === 'csv' ? cell.text : cell.text.replaceAll('\\|', '|');
      const parts = parseParts(text, place, problems, options.known);
      placed.push({ parts, place });
      checkCritical(table.columns[i]?.text ?? '', parts, place, problems);
      return { parts, text: cell.text };
    });
    return { cells, line: options.firstLine + row.line };
  });
  const readLine = (line: number): ExpectedCell => {
    const text = trimBlanks(lines[line] ?? '');
    const place = placeOf(line, (lines[line] ?? '').indexOf(text));
    const parts = parseParts(text, place, problems, options.known);
    placed.push({ parts, place });
    return { parts, text };
  };
  const beside = linesBeside(lines, table);
  const above = beside.above.map(readLine);
  const below = beside.below.map(readLine);
  checkCaptureNames(placed, problems);
  checkFooter(table, options, placeOf, problems);
  const { footer } = table;
  return {
    kind: 'table',
    columns: table.columns.map((column) => nameOf(column, table)),
    rows,
    order: options.order,
    ...(footer === undefined ? {} : { count: footer }),
    ...(above.length === 0 ? {} : { above }),
    ...(below.length === 0 ? {} : { below }),
  };
}

function readOrReport(
  lines: readonly string[],
  placeOf: (line: number) => Place,
  problems: Problem[],
): RawTable | undefined {
  try {
    return readTable(lines, undefined);
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
    problems.push({ ...placeOf(error.line), what: error.message, hint: error.hint });
    return undefined;
  }
}

function checkColumns(table: RawTable, placeOf: (line: number, offset: number) => Place, problems: Problem[]): void {
  for (const column of table.columns) {
    const name = nameOf(column, table);
    const place = placeOf(table.headerLine, column.offset);
    if (name === '')
      problems.push({ ...place, what: 'a column without a name', hint: 'name the column as in the output' });
    if (name.includes('{{'))
      problems.push({ ...place, what: 'a placeholder in a column name', hint: 'name the column as in the output' });
  }
}

function checkFooter(
  table: RawTable,
  options: ParseOptions,
  placeOf: (line: number) => Place,
  problems: Problem[],
): void {
  const { footer, rows } = table;
  if (footer === undefined) return;
  const wrong = options.order === 'contains' ? footer < rows.length : footer !== rows.length;
  if (!wrong) return;
  const line = (rows.at(-1)?.line ?? table.headerLine) + (rows.at(-1)?.lines ?? 1);
  problems.push({
    ...placeOf(line),
    what: `the footer says ${footer} rows, but ${rows.length} are expected`,
    hint: options.order === 'contains' ? 'correct the footer' : 'correct the footer, or use `rows=contains`',
  });
}

function nameOf(column: RawCell, table: RawTable): string {
  return table.form === 'csv' || table.form === 'expanded' ? column.text : column.text.replaceAll('\\|', '|');
}
