import { displayWidth } from './display-width.ts';
import { continuations, joinContinued, splitCells, trimCell, type WideCell } from './table-cells.ts';
import { footerOf, type RawRow, type RawTable, TableError, type TableText } from './table-text.ts';

/** Reads psql's default form, whose ruler `---+---` is at line `ruler`. */
export function readAligned(text: TableText, ruler: number): RawTable {
  const shape = text.masked[ruler] ?? '';
  const bars = [...shape.matchAll(/\+/g)].map((found) => found.index);
  const columns = bars.length + 1;
  const split = (line: number): WideCell[] | undefined =>
    splitCells(text, line, columns, { start: 0, end: (text.lines[line] ?? '').length }, bars);
  const header = split(ruler - 1);
  if (header === undefined) {
    throw new TableError(ruler - 1, 'the header and the line below it have different columns', 'align `|` with `+`');
  }
  const above = ruler >= 2 ? (text.lines[ruler - 2] ?? '') : '';
  const aboveCells = columns > 1 && above.startsWith(' ') ? split(ruler - 2) : undefined;
  if (aboveCells?.some((cell) => cell.raw.endsWith('+'))) {
    throw new TableError(ruler - 2, 'a column name of several lines', 'give the column a short name with `AS`');
  }
  const isRow = (line: string): boolean =>
    line.startsWith(' ') || (text.authored && line !== '' && footerOf(line) === undefined);
  const end = endOfRows(text, ruler + 1, columns, isRow);
  const physical = [];
  for (let line = ruler + 1; line < end; line++) {
    const source = text.lines[line] ?? '';
    const cells = split(line);
    if (cells === undefined) throw notARow(line, columns);
    physical.push({ cells, line, continued: continuations(cells, line, source, shape.length) });
  }
  const footer = footerOf(text.lines[end] ?? '');
  const used = { from: above === '' ? ruler - 1 : ruler - 2, to: footer === undefined ? end : end + 1 };
  const indent = above.length - above.trimStart().length;
  // psql centres a title over the table; a message that happens to come before a table is not centred.
  const room = shape.length - displayWidth(above.trim());
  const centred = indent > 1 && indent === Math.floor(room / 2) && !above.includes('|');
  return {
    form: 'aligned',
    columns: header.map(trimCell),
    headerLine: ruler - 1,
    rows: joinContinued(physical),
    footer,
    title: above === '' ? undefined : { text: above.trim(), centred },
    extra: extraLines(text, used.from, used.to),
  };
}

/** Reads psql's `\pset border 2`, whose first rule `+---+` is at line `top`. */
export function readFramed(text: TableText, top: number): RawTable {
  const shape = text.masked[top] ?? '';
  const isRule = (line: number): boolean => /^\+-+(?:\+-+)*\+$/.test(text.masked[line] ?? '');
  if (!isRule(top + 2))
    throw new TableError(top, 'a frame without a header', 'a rule, the column names, and a rule were expected');
  let end = top + 3;
  while (end < text.lines.length && !isRule(end)) end++;
  if (end === text.lines.length)
    throw new TableError(top, 'the table’s frame is not closed', 'a rule belongs below the last row');
  const bars = [...shape.matchAll(/\+/g)].map((found) => found.index).slice(1, -1);
  const physical = [];
  for (let line = top + 3; line < end; line++) {
    const cells = barred(
      text,
      line,
      bars.length + 1,
      bars.map((bar) => bar - 1),
    );
    const marks = cells.map((cell) => cell.raw.endsWith('+'));
    if (cells.some((cell) => /[.…↵]$/.test(cell.raw))) throw notARow(line, bars.length + 1);
    physical.push({ cells, line, continued: marks });
  }
  const footer = footerOf(text.lines[end + 1] ?? '');
  return {
    form: 'framed',
    columns: barred(text, top + 1, bars.length + 1, undefined).map(trimCell),
    headerLine: top + 1,
    rows: joinContinued(physical),
    footer,
    title: undefined,
    extra: extraLines(text, top, footer === undefined ? end + 1 : end + 2),
  };
}

/** Reads a Markdown table, whose `|---|---|` is at line `ruler`. */
export function readPipe(text: TableText, ruler: number): RawTable {
  const columns = (text.masked[ruler] ?? '').split('|').length - 2;
  let end = ruler + 1;
  while ((text.lines[end] ?? '').startsWith('|')) end++;
  const rows: RawRow[] = [];
  for (let line = ruler + 1; line < end; line++) {
    rows.push({ cells: barred(text, line, columns, undefined).map(trimCell), line, lines: 1 });
  }
  const footer = footerOf(text.lines[end] ?? '');
  return {
    form: 'pipe',
    columns: barred(text, ruler - 1, columns, undefined).map(trimCell),
    headerLine: ruler - 1,
    rows,
    footer,
    title: undefined,
    extra: extraLines(text, ruler - 1, footer === undefined ? end : end + 1),
  };
}

/** Indexes of non-blank lines outside of [from, to). */
export function extraLines(text: TableText, from: number, to: number): number[] {
  return text.lines.flatMap((line, i) => (line !== '' && (i < from || i >= to) ? [i] : []));
}

/** The error for a line that cannot be cut into the table's columns without doubt. */
export function notARow(line: number, columns: number): TableError {
  const what = `this line cannot be cut into ${columns} columns`;
  return new TableError(
    line,
    what,
    'a cell may contain a `|`: align it with the header, or print the table with `psql --csv`',
  );
}

function barred(text: TableText, line: number, columns: number, ruler: readonly number[] | undefined): WideCell[] {
  const source = text.lines[line] ?? '';
  const closed = source.startsWith('|') && (text.masked[line] ?? '').endsWith('|') && source.length > 1;
  const cells = closed ? splitCells(text, line, columns, { start: 1, end: source.length - 1 }, ruler) : undefined;
  if (cells === undefined) throw notARow(line, columns);
  return cells;
}

function endOfRows(text: TableText, from: number, columns: number, isRow: (line: string) => boolean): number {
  let end = from;
  if (columns > 1 || text.authored) {
    while (end < text.lines.length && isRow(text.lines[end] ?? '')) end++;
    return end;
  }
  // Without its padding an empty value in the only column is a blank line; the footer tells where they end.
  let blanks = 0;
  for (; end < text.lines.length; end++) {
    const line = text.lines[end] ?? '';
    if (line === '') blanks++;
    else if (isRow(line)) blanks = 0;
    else break;
  }
  if (footerOf(text.lines[end] ?? '') !== undefined) return end;
  if (blanks > 1) {
    throw new TableError(
      end - blanks,
      'blank lines at the end may be empty values or not',
      'let psql print its footer `(N rows)`',
    );
  }
  return end - blanks;
}
