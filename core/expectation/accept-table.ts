import type { Problem } from '../problem.ts';
import { bindExpectation } from './bind.ts';
import { checkCritical, isCritical } from './critical.ts';
import { displayWidth } from './display-width.ts';
import type { Expectation } from './model.ts';
import { normaliseToward } from './normalise.ts';
import { compileParts } from './part-test.ts';
import { escapeLiteral } from './parts.ts';
import { pairRows } from './row-pairing.ts';
import { suggestWithin } from './suggest.ts';
import { readTable } from './table-read.ts';
import { type RawTable, TableError } from './table-text.ts';

type TableExpectation = Extract<Expectation, { kind: 'table' }>;
type Source = {
  readonly body: readonly string[];
  readonly output: readonly string[];
  readonly values: Readonly<Record<string, string>>;
};

/** Bodies for the new table with the author's columns: first with placeholders and lines kept, then literally. */
export function* acceptTable(expectation: TableExpectation, source: Source): Generator<string[]> {
  const bound = bindExpectation(expectation, source.values);
  if ('unresolved' in bound || bound.expectation.kind !== 'table') return;
  const rows = bound.expectation.rows;
  let written: RawTable;
  let came: RawTable;
  try {
    written = readTable(source.body, undefined);
    came = readTable(source.output, expectation.columns);
  } catch (error) {
    if (error instanceof TableError) return;
    throw error;
  }
  const names = came.columns.map((column) => column.text);
  if (expectation.columns.some((name) => !names.includes(name))) return;
  const actual = came.rows.map((row) => expectation.columns.map((name) => row.cells[names.indexOf(name)]?.text ?? ''));
  const tests = rows.map((row) => row.cells.map((cell) => compileParts(cell.parts)));
  const pairs = pairRows(
    {
      expected: tests.length,
      actual,
      literalKey: () => undefined,
      cellMatches: (expected, cell, text) => tests[expected]?.[cell]?.matches(text) === true,
    },
    expectation.order,
  );
  for (const clever of [true, false]) {
    const result: { cells: string[]; kept: number | undefined }[] = [];
    for (const pair of pairs ?? []) {
      if (pair.kind === 'missing' || (pair.kind === 'unexpected' && expectation.order === 'contains')) continue;
      const found = actual[pair.actual] ?? [];
      const old = pair.kind === 'pair' ? expectation.rows[pair.expected] : undefined;
      const fits = found.map((text, i) => pair.kind === 'pair' && tests[pair.expected]?.[i]?.matches(text) === true);
      const kept = pair.kind === 'pair' && !fits.includes(false) ? pair.expected : undefined;
      const cells = found.map((text, i) => {
        const cell = old?.cells[i];
        if (cell !== undefined && fits[i] === true) return cell.text;
        return newCell(
          expectation.columns[i] ?? '',
          text,
          clever ? cell : undefined,
          clever,
          written.form,
          source.values,
        );
      });
      result.push({ cells, kept });
    }
    yield render(written, source.body, expectation, result, came.rows.length, came.title?.text);
  }
}

function newCell(
  column: string,
  text: string,
  old: TableExpectation['rows'][number]['cells'][number] | undefined,
  clever: boolean,
  form: RawTable['form'],
  values: Readonly<Record<string, string>>,
): string {
  const literal = form === 'csv' ? escapeLiteral(text) : escapeLiteral(text).replaceAll('|', '\\|');
  // A state is always written out: a proposed placeholder would let any state pass.
  if (!clever || isCritical(column) || text.includes('|')) return literal;
  if (old === undefined || old.parts.every((part) => part.kind === 'literal')) {
    return old === undefined ? suggestWithin(text) : literal;
  }
  const proposed = normaliseToward(old, text, values);
  const problems: Problem[] = [];
  checkCritical(column, old.parts, { file: '', line: 1, column: 1 }, problems);
  return problems.length > 0 ? literal : proposed;
}

function render(
  written: RawTable,
  body: readonly string[],
  expectation: TableExpectation,
  rows: readonly { readonly cells: readonly string[]; readonly kept: number | undefined }[],
  count: number,
  title: string | undefined,
): string[] {
  if (written.form === 'expanded' && rows.length === 0) return [expectation.columns.join(' | ')];
  const firstRow = written.rows[0]?.line;
  const last = written.rows.at(-1);
  const headEnd =
    firstRow ??
    written.headerLine + (written.form === 'aligned' || written.form === 'pipe' || written.form === 'framed' ? 2 : 1);
  const head = written.form === 'expanded' ? [] : body.slice(0, headEnd);
  const tail = body.slice(last === undefined ? headEnd : last.line + last.lines);
  const lines = [...head];
  if (expectation.title !== undefined && title !== undefined && written.headerLine > 0)
    lines[written.headerLine - 1] = title;
  rows.forEach(({ cells, kept }, i) => {
    const old = kept === undefined ? undefined : written.rows[kept];
    if (written.form === 'expanded') {
      lines.push(`-[ RECORD ${i + 1} ]`);
      const width = Math.max(...expectation.columns.map(displayWidth));
      const fields = old === undefined ? undefined : body.slice(old.line + 1, old.line + old.lines);
      lines.push(...(fields ?? cells.map((cell, c) => `${pad(expectation.columns[c] ?? '', width)} | ${cell}`)));
    } else if (old !== undefined) lines.push(...body.slice(old.line, old.line + old.lines));
    else lines.push(rowLine(written, body, cells));
  });
  const footer = `(${count} ${count === 1 ? 'row' : 'rows'})`;
  lines.push(
    ...tail.map((line) => (expectation.count !== undefined && /^\s*\(\d+ \S+\)\s*$/.test(line) ? footer : line)),
  );
  return lines;
}

function rowLine(written: RawTable, body: readonly string[], cells: readonly string[]): string {
  if (written.form === 'csv') {
    return cells.map((cell) => (/[",\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',');
  }
  const header = body[written.headerLine] ?? '';
  const closed = written.form === 'pipe' || written.form === 'framed';
  const pieces = (closed ? header.trim().slice(1, -1) : header).split('|');
  const spaced = /^ | \| /.test(header);
  const padded = cells.map((cell, i) => {
    if (!spaced) return cell;
    return ` ${pad(cell, displayWidth(pieces[i] ?? '') - 2)} `;
  });
  const line = padded.join('|');
  return closed ? `|${line}|` : line.trimEnd();
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}
