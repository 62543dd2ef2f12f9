import { extraLines, notARow } from './table-aligned.ts';
import { splitCells, trimCell } from './table-cells.ts';
import { footerOf, type RawCell, type RawRow, type RawTable, TableError, type TableText } from './table-text.ts';
import { trimBlanks } from './whitespace.ts';

/** Reads `psql -A` output, or a table that an author wrote without a ruler; its header is at line `first`. */
export function readUnaligned(text: TableText, first: number): RawTable {
  const columns = (text.masked[first] ?? '').split('|').length;
  const cells = (line: number): RawCell[] => {
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
  const last = text.lines.findLastIndex((line) => line !== '');
  const footer = last > first ? footerOf(text.lines[last] ?? '') : undefined;
  const end = footer === undefined ? last + 1 : last;
  if (columns === 1 && !text.authored) {
    const quoted = text.lines.findIndex((line) => line.startsWith('"'));
    if (quoted >= 0)
      throw new TableError(quoted, 'CSV or not? One column in quotes can be both', 'print a second column');
    if (footer === undefined && end < text.lines.length) {
      throw new TableError(
        end,
        'blank lines at the end may be empty values or not',
        'let psql print its footer `(N rows)`',
      );
    }
  }
  const rows: RawRow[] = [];
  for (let line = first + 1; line < end; line++) {
    if (text.authored && text.lines[line] === '') throw new TableError(line, 'a blank line in a table', 'remove it');
    rows.push({ cells: cells(line), line, lines: 1 });
  }
  return {
    form: 'unaligned',
    columns: cells(first),
    headerLine: first,
    rows,
    footer,
    title: undefined,
    extra: extraLines(text, first, last + 1),
  };
}

/** Reads CSV (RFC 4180) whose header is at line `first`. */
export function readCsv(text: TableText, first: number): RawTable {
  const last = text.lines.findLastIndex((line) => line !== '');
  const footer = text.authored ? footerOf(text.lines[last] ?? '') : undefined;
  const records = readRecords(text, first, footer === undefined ? last + 1 : last);
  const [header, ...rows] = records;
  if (header === undefined) throw new TableError(first, 'there is no header', 'a table begins with its column names');
  const wrong = rows.find((row) => row.cells.length !== header.cells.length);
  if (wrong !== undefined) {
    const what = `this record has ${wrong.cells.length} fields, the header ${header.cells.length}`;
    throw new TableError(wrong.line, what, 'something else may have printed into the table');
  }
  return { form: 'csv', columns: header.cells, headerLine: first, rows, footer, title: undefined, extra: [] };
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
        cells.push({ text: trimBlanks(value), offset: offset + 1 });
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
