import { splitCells, trimCell, trimLines } from './table-cells.ts';
import {
  footerOf,
  notARow,
  type RawCell,
  type RawRow,
  type RawTable,
  TableError,
  type TableText,
} from './table-text.ts';
import { trimBlanks } from './whitespace.ts';

/** Where the header of a table without a ruler is, and how many lines at the end of the text are known to be below it. */
export type Placement = { readonly first: number; readonly below: number };

/** Reads `psql -A` output, or a table that an author wrote without a ruler. `bar` separates its cells. */
export function readUnaligned(source: TableText, { first, below }: Placement, bar: '|' | '\t' = '|'): RawTable {
  const text = bar === '|' ? source : withTabsAsBars(source, first);
  const columns = (text.masked[first] ?? '').split('|').length;
  const cells = (line: number): RawCell[] => {
    // A single value may contain bars.
    if (columns === 1 && !text.authored) return [trimCell({ raw: text.lines[line] ?? '', offset: 0 })];
    const found = splitCells(text, line, columns, { start: 0, end: (text.lines[line] ?? '').length }, undefined);
    if (found === undefined) throw notARow(line, columns);
    return found.map(trimCell);
  };
  if (!text.authored && /^ |\| | \|/.test(text.lines[first] ?? '')) {
    throw new TableError(
      first,
      'the header is padded, but no ruler `---+---` follows',
      'a line of the table may be missing',
    );
  }
  const last = lastLine(text, below);
  const foot = footLine(text, first, last);
  const footer = foot === undefined ? undefined : footerOf(text.lines[foot] ?? '');
  // In this form psql prints no blank line of its own: each one is the empty value of a single column.
  const end = foot ?? (columns === 1 && !text.authored && below === 0 ? text.lines.length : last + 1);
  if (columns === 1 && !text.authored && foot === undefined && below > 0 && text.lines[end] === '') {
    throw new TableError(end, 'this blank line may be an empty value or not', 'let psql print its footer `(N rows)`');
  }
  if (columns === 1 && !text.authored) {
    const quoted = text.lines.findIndex((line, i) => i >= first && i < end && line.startsWith('"'));
    if (quoted >= 0)
      throw new TableError(quoted, 'CSV or not? One column in quotes can be both', 'print a second column');
  }
  const rows: RawRow[] = [];
  const sure = text.authored || foot !== undefined;
  for (let line = first + 1; line < end; line++) {
    if (text.authored && text.lines[line] === '' && (columns > 1 || foot === undefined))
      throw new TableError(line, 'a blank line in a table', 'remove it');
    const row = { cells: cells(line), line, lines: 1 };
    const isWhole = columns > 1 && (source.lines[line] ?? '').split(bar).length === columns;
    rows.push(sure || (isWhole && !isMessage(text.lines[line] ?? '')) ? row : { ...row, doubtful: true });
  }
  const to = foot === undefined ? end : foot + 1;
  return { form: 'unaligned', columns: cells(first), headerLine: first, rows, footer, from: first, to, titled: false };
}

/** Reads CSV (RFC 4180), or what psql's unaligned form prints with a comma between the cells. */
export function readCsv(text: TableText, { first, below }: Placement): RawTable {
  const last = lastLine(text, below);
  const foot = footLine(text, first, last);
  const footer = foot === undefined ? undefined : footerOf(text.lines[foot] ?? '');
  const end = foot ?? last + 1;
  const [header, ...rows] = readRecords(text, first, end);
  if (header === undefined) throw new TableError(first, 'there is no header', 'a table begins with its column names');
  const wrong = rows.find((row) => row.cells.length !== header.cells.length);
  if (wrong !== undefined) {
    const what = `this record has ${wrong.cells.length} fields, the header ${header.cells.length}`;
    throw new TableError(wrong.line, what, 'something else may have printed into the table');
  }
  const isDoubtful = ({ line, lines }: RawRow): boolean =>
    !text.authored &&
    foot === undefined &&
    (header.cells.length === 1 || (lines === 1 && isProse(text.lines[line] ?? '')));
  return {
    form: 'csv',
    columns: header.cells,
    headerLine: first,
    rows: rows.map((row) => (isDoubtful(row) ? { ...row, doubtful: true } : row)),
    footer,
    from: first,
    to: foot === undefined ? end : foot + 1,
    titled: false,
  };
}

/** Tabs at the end of a line, before empty values, are gone with its blanks. */
function withTabsAsBars(text: TableText, first: number): TableText {
  const tabs = (line: string): number => line.split('\t').length;
  const columns = tabs(text.lines[first] ?? '');
  const isRow = (line: string, i: number): boolean =>
    line === '' ? text.printed[i]?.includes('\t') === true : footerOf(line) === undefined;
  const lines = text.lines.map((line, i) =>
    isRow(line, i) ? line + '\t'.repeat(Math.max(0, columns - tabs(line))) : line,
  );
  const masked = text.masked.map((line, i) => line + '\t'.repeat((lines[i]?.length ?? 0) - line.length));
  return { ...text, lines, masked: masked.map((line) => line.replaceAll('|', 'x').replaceAll('\t', '|')) };
}

/** Index of the last line with text, but for those below the table. */
function lastLine(text: TableText, below: number): number {
  let last = text.lines.findLastIndex((line) => line !== '');
  for (let left = below; left > 0 && last >= 0; left--) {
    last--;
    while (last > 0 && text.lines[last] === '') last--;
  }
  return last;
}

/**
 * Index of the footer: the line that counts the lines above it, so that what follows is no row. Where none counts right,
 * the last line that looks like one, for the caller to refuse.
 */
function footLine(text: TableText, first: number, last: number): number | undefined {
  const isFooter = (line: number): boolean => line > first && footerOf(text.lines[line] ?? '') !== undefined;
  if (text.authored) return isFooter(last) ? last : undefined;
  const [foot, second] = text.lines.flatMap((_, line) =>
    line <= last && isFooter(line) && isCount(text, first, line) ? [line] : [],
  );
  if (second !== undefined) {
    throw new TableError(second, 'two lines may be the footer of the table', 'print the table with `psql --csv`');
  }
  return foot ?? (isFooter(last) ? last : undefined);
}

function isCount(text: TableText, first: number, line: number): boolean {
  return footerOf(text.lines[line] ?? '') === line - first - 1;
}

/** Does the line look like a server's or a program's message: `ERROR:  …`, `psql: error: …`? */
function isMessage(line: string): boolean {
  return /^[^|,"]{1,60}:(?: |$)| \||\| /.test(line);
}

/** psql puts a field with a comma into quotes and no blank behind a comma: a sentence does otherwise. */
function isProse(line: string): boolean {
  return isMessage(line) || /,\s/.test(line.replace(/"(?:[^"]|"")*"/g, ''));
}

function readRecords(text: TableText, from: number, to: number): RawRow[] {
  const rows: RawRow[] = [];
  let line = from;
  while (line < to) {
    const start = line;
    const cells: RawCell[] = [];
    let at = 0;
    for (;;) {
      const masked = text.masked[line] ?? '';
      const source = text.lines[line] ?? '';
      const offset = at;
      if (masked[at] !== '"') {
        const comma = masked.indexOf(',', at);
        const end = comma < 0 ? masked.length : comma;
        const value = source.slice(at, end);
        if (masked.slice(at, end).includes('"'))
          throw new TableError(line, 'a quote inside an unquoted field', 'quote the whole field');
        cells.push({ text: trimBlanks(value), offset });
        at = end;
      } else {
        at++;
        let value = '';
        for (;;) {
          const maskedNow = text.masked[line] ?? '';
          const quote = maskedNow.indexOf('"', at);
          const stop = quote < 0 ? maskedNow.length : quote;
          value += (text.lines[line] ?? '').slice(at, stop);
          if (quote < 0) {
            if (++line >= to) throw new TableError(start, 'a quoted field is not closed', 'a `"` is missing');
            value += '\n';
            at = 0;
          } else if (maskedNow[quote + 1] === '"') {
            value += '"';
            at = quote + 2;
          } else {
            at = quote + 1;
            break;
          }
        }
        cells.push(trimLines({ text: value, offset: offset + 1 }));
      }
      const next = (text.masked[line] ?? '')[at];
      if (next === undefined) break;
      if (next !== ',')
        throw new TableError(line, 'something follows a quoted field', 'a comma or the end of the line belongs here');
      at++;
    }
    rows.push({ cells, line: start, lines: line - start + 1 });
    line++;
  }
  return rows;
}
