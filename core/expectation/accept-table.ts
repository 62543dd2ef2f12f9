import { psqlWidth } from '../output/psql-width.ts';
import type { Problem } from '../problem.ts';
import { bindExpectation } from './bind.ts';
import { compileCell } from './cell-test.ts';
import { checkCritical, isCritical } from './critical.ts';
import type { Expectation } from './model.ts';
import { normaliseToward } from './normalise.ts';
import { escapeLiteral } from './parts.ts';
import { pairRows } from './row-pairing.ts';
import { suggestWithin } from './suggest.ts';
import { placeColumns } from './table-columns.ts';
import { linesBeside, readTable } from './table-read.ts';
import { footerOf, type RawTable, TableError } from './table-text.ts';
import { trimBlanks, trimLineEnd } from './whitespace.ts';

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
    came = readOutput(expectation, source.output);
  } catch (error) {
    if (error instanceof TableError) return;
    throw error;
  }
  const empty = came.form === 'expanded' && came.rows.length === 0;
  const names = came.columns.map((column) => column.text);
  const indexes = empty ? [] : placeColumns(expectation.columns, names);
  if (typeof indexes === 'string') return;
  const actual = came.rows.map((row) => indexes.map((index) => row.cells[index]?.text ?? ''));
  const tests = rows.map((row) => row.cells.map((cell) => compileCell(cell.parts)));
  const pairs = pairRows(
    {
      expected: tests.length,
      actual,
      literalKey: () => undefined,
      cellMatches: (expected, cell, row) => tests[expected]?.[cell]?.matches(actual[row]?.[cell] ?? '') === true,
    },
    expectation.order,
  );
  const footerLine = source.output[came.to - 1]?.trim() ?? '';
  const count = came.rows.length;
  const footer = footerOf(footerLine) === count ? footerLine : `(${count} ${count === 1 ? 'row' : 'rows'})`;
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
    const around = linesAround(bound.expectation, source, written, came, clever);
    yield render(written, source.body, expectation, result, footer, around);
    const plain = result.map(({ cells }) => (written.form === 'csv' ? cells.map(escapeBars) : cells));
    yield renderPlain(expectation, plain, footer, around);
  }
}

type Around = { readonly above: readonly string[]; readonly below: readonly string[] };

/** The output as a table; lines below it that have changed are not known in advance to be such. */
function readOutput(expectation: TableExpectation, output: readonly string[]): RawTable {
  const { columns, below = [] } = expectation;
  try {
    return readTable(output, { columns, below: below.length });
  } catch (error) {
    if (!(error instanceof TableError) || below.length === 0) throw error;
    return readTable(output, { columns, below: 0 });
  }
}

/** The lines above and below the table: as the author wrote them where they fit, else as they came. */
function linesAround(
  expectation: TableExpectation,
  { body, output }: Source,
  written: RawTable,
  came: RawTable,
  clever: boolean,
): Around {
  const beside = linesBeside(output, came);
  const write = (expected: TableExpectation['above'], old: readonly string[], lines: readonly number[]): string[] => {
    const texts = lines.map((line) => trimBlanks(output[line] ?? ''));
    const fits = texts.map((text, i) => {
      const cell = expected?.[i];
      return cell !== undefined && compileCell(cell.parts).matches(text);
    });
    if (texts.length === (expected ?? []).length && !fits.includes(false)) return [...old];
    return texts.map((text, i) =>
      fits[i] === true ? (expected?.[i]?.text ?? '') : clever ? suggestWithin(text) : escapeLiteral(text),
    );
  };
  const { above, below } = expectation;
  const untitled = came.titled && (above?.length ?? 0) < beside.above.length;
  const lower = write(below, body.slice(written.to), beside.below);
  // Without a footer only a blank line ends a table.
  const gap = lower.length > 0 && written.footer === undefined && lower[0] !== '' ? [''] : [];
  return {
    above: write(above, body.slice(0, written.from), untitled ? beside.above.slice(0, -1) : beside.above),
    below: [...gap, ...lower],
  };
}

function newCell(
  column: string,
  text: string,
  old: TableExpectation['rows'][number]['cells'][number] | undefined,
  clever: boolean,
  form: RawTable['form'],
  values: Readonly<Record<string, string>>,
): string {
  const literal = form === 'csv' ? escapeLiteral(text) : escapeBars(escapeLiteral(text));
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
  footer: string,
  around: Around,
): string[] {
  if (written.form === 'expanded' && rows.length === 0)
    return [...around.above, expectation.columns.map(escapeBars).join(' | '), ...around.below];
  const firstRow = written.rows[0]?.line;
  const last = written.rows.at(-1);
  const headEnd = firstRow ?? written.headerLine + (written.form === 'unaligned' || written.form === 'csv' ? 1 : 2);
  const head = written.form === 'expanded' ? [] : body.slice(written.from, headEnd);
  const tail = body.slice(last === undefined ? headEnd : last.line + last.lines, written.to);
  const lines = [...around.above, ...head];
  rows.forEach(({ cells, kept }, i) => {
    const old = kept === undefined ? undefined : written.rows[kept];
    if (written.form === 'expanded') {
      lines.push(`-[ RECORD ${i + 1} ]`);
      const width = Math.max(...expectation.columns.map((name) => psqlWidth(name)));
      const fields = old === undefined ? undefined : body.slice(old.line + 1, old.line + old.lines);
      lines.push(...(fields ?? cells.map((cell, c) => `${pad(expectation.columns[c] ?? '', width)} | ${cell}`)));
    } else if (old !== undefined) lines.push(...body.slice(old.line, old.line + old.lines));
    else lines.push(rowLine(written, body, cells));
  });
  lines.push(...tail.map((line) => (footerOf(line.trim()) === undefined ? line : footer)), ...around.below);
  return lines;
}

function rowLine(written: RawTable, body: readonly string[], cells: readonly string[]): string {
  if (written.form === 'csv') {
    return cells.map((cell) => (/[",\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',');
  }
  const header = body[written.headerLine] ?? '';
  if (written.form === 'bare') {
    const widths = (body[written.headerLine + 1] ?? '').trim().split(' ');
    return trimLineEnd(cells.map((cell, i) => pad(cell, widths[i]?.length ?? 0)).join(' '));
  }
  const closed = written.form === 'pipe' || written.form === 'framed';
  const inner = closed ? header.trim().slice(1, -1) : header;
  const bar = /[|│║]/.exec(inner)?.[0] ?? '|';
  const pieces = inner.split(bar);
  const spaced = /^ | [|│║] /.test(header) || closed;
  const padded = cells.map((cell, i) => {
    if (!spaced) return cell;
    return ` ${pad(cell, psqlWidth(pieces[i] ?? '') - 2)} `;
  });
  const line = padded.join(bar);
  const edge = header.trim().charAt(0);
  return closed ? `${edge}${line}${edge}` : trimLineEnd(line);
}

/** The table in psql's default form, for rows that cannot be written in the author's. */
function renderPlain(
  expectation: TableExpectation,
  rows: readonly (readonly string[])[],
  footer: string,
  around: Around,
): string[] {
  const columns = expectation.columns.map(escapeBars);
  const lined = rows.map((row) => row.map((cell) => cell.split('\n')));
  const widths = columns.map((name, i) =>
    Math.max(...[name, ...lined.flatMap((row) => row[i] ?? [])].map((line) => psqlWidth(line))),
  );
  const write = (cells: readonly (readonly string[])[]): string[] => {
    const height = Math.max(...cells.map((lines) => lines.length));
    return Array.from({ length: height }, (_, line) => {
      const pieces = cells.map((lines, i) => {
        const mark = line + 1 < lines.length ? '+' : ' ';
        return ` ${pad(lines[line] ?? '', widths[i] ?? 0)}${mark}`;
      });
      return trimLineEnd(pieces.join('|'));
    });
  };
  const rule = widths.map((width) => '-'.repeat(width + 2)).join('+');
  const table = [...write(columns.map((name) => [name])), rule, ...lined.flatMap(write)];
  // Without a footer a blank line ends a table.
  const needed = expectation.count !== undefined || table.includes('');
  const end = needed ? [footer] : around.below.length > 0 && around.below[0] !== '' ? [''] : [];
  return [...around.above, ...table, ...end, ...around.below];
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - psqlWidth(text)));
}

function escapeBars(text: string): string {
  return text.replaceAll('|', '\\|');
}
