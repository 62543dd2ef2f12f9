import { indexAtPsqlColumn, psqlWidth } from '../output/psql-width.ts';
import { continuations, isFull, joinContinued, splitCells, trimCell, type WideCell } from './table-cells.ts';
import { footerOf, notARow, type RawRow, type RawTable, TableError, type TableText } from './table-text.ts';

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
  if (aboveCells?.some((cell) => /[+↵]$/.test(cell.raw))) {
    throw new TableError(ruler - 2, 'a column name of several lines', 'give the column a short name with `AS`');
  }
  const isRow = (line: string): boolean =>
    line.startsWith(' ') || (text.authored && line !== '' && footerOf(line) === undefined);
  const end = endOfRows(text, ruler + 1, columns === 1, isRow);
  const footer = footerOf(text.lines[end] ?? '');
  const physical: Physical[] = [];
  for (let line = ruler + 1; line < end; line++) {
    const old = oldStyle(text, line, bars);
    if (old !== undefined) {
      const before = physical.at(-1);
      if (before === undefined) throw notARow(line, columns);
      goOnUnmarked(before, old.continued);
      physical.push({ ...old, line, continued: old.continued.map(() => false) });
      continue;
    }
    const cells = split(line);
    if (cells === undefined) throw notARow(line, columns);
    physical.push({ cells, line, continued: continuations(cells, line, isFull(text, line, shape)) });
  }
  // Without a footer only its place tells a row from other text, and in a single column not even that.
  const isSure = ({ line }: RawRow): boolean =>
    text.authored || footer !== undefined || (columns > 1 && liesUnder(text, line, bars, shape));
  return {
    form: 'aligned',
    columns: header.map(trimCell),
    headerLine: ruler - 1,
    rows: joinContinued(physical).map((row) => (isSure(row) ? row : { ...row, doubtful: true })),
    footer,
    from: ruler - 1,
    to: footer === undefined ? end : end + 1,
    titled: isCentred(text, ruler - 2, shape.length),
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
  const columns = bars.length + 1;
  const inner = bars.map((bar) => bar - 1);
  const physical: Physical[] = [];
  for (let line = top + 3; line < end; line++) {
    const old = oldStyle(text, line, bars);
    const before = physical.at(-1);
    if (old !== undefined && before !== undefined) {
      goOnUnmarked(before, old.continued);
      const cells = old.cells.map((cell, i) => withoutFrame(cell, i === 0, i === columns - 1));
      physical.push({ cells, line, continued: old.continued.map(() => false) });
      continue;
    }
    const cells = barred(text, line, columns, inner);
    physical.push({ cells, line, continued: continuations(cells, line, true) });
  }
  const footer = footerOf(text.lines[end + 1] ?? '');
  return {
    form: 'framed',
    columns: barred(text, top + 1, columns, inner).map(trimCell),
    headerLine: top + 1,
    rows: joinContinued(physical),
    footer,
    from: top,
    to: footer === undefined ? end + 1 : end + 2,
    titled: isCentred(text, top - 1, shape.length),
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
    from: ruler - 1,
    to: footer === undefined ? end : end + 1,
    titled: false,
  };
}

/** psql centres a title over its table; a message that happens to come before a table is not centred. */
export function isCentred(text: TableText, line: number, width: number): boolean {
  const title = text.lines[line] ?? '';
  const indent = title.length - title.trimStart().length;
  const room = width - psqlWidth(title.trim(), text.psql);
  return indent > 1 && indent === Math.floor(room / 2) && !title.includes('|');
}

/** Index of the line after the last row. Where a row can be a blank line, the footer tells where the rows end. */
export function endOfRows(text: TableText, from: number, blank: boolean, isRow: (line: string) => boolean): number {
  let end = from;
  while (end < text.lines.length && isRow(text.lines[end] ?? '')) end++;
  if (!blank || text.lines[end] !== '') return end;
  let far = end;
  while (text.lines[far] === '' || (far < text.lines.length && isRow(text.lines[far] ?? ''))) far++;
  if (footerOf(text.lines[far] ?? '') !== undefined) return far;
  if (text.authored) return end;
  const last = text.lines.findLastIndex((line, i) => i < far && line !== '');
  // psql itself prints one blank line below a table; more of them may be empty values.
  if (far - last > 2) {
    throw new TableError(
      last + 1,
      'blank lines at the end may be empty values or not',
      'let psql print its footer `(N rows)`',
    );
  }
  return last + 1;
}

/** Do the line's bars stand below the ruler's `+`, and does it end where the ruler ends or before? */
function liesUnder(text: TableText, line: number, bars: readonly number[], ruler: string): boolean {
  const masked = text.masked[line] ?? '';
  return (
    psqlWidth(masked, text.psql) <= ruler.length &&
    bars.every((bar) => {
      const index = indexAtPsqlColumn(masked, bar, text.psql);
      return index !== undefined && masked[index] === '|';
    })
  );
}

/**
 * The cells of a line below which, in psql's `old-ascii` style, cells of the line above go on: `:` stands in front of
 * them, a blank in front of those that don't. Undefined when the line is none. The first column has no such mark.
 */
function oldStyle(
  text: TableText,
  line: number,
  bars: readonly number[],
): { cells: WideCell[]; continued: boolean[] } | undefined {
  if (text.authored || bars.length === 0) return undefined;
  const masked = text.masked[line] ?? '';
  const places = bars.map((bar) => indexAtPsqlColumn(masked, bar, text.psql));
  const marks = places.map((place) => (place === undefined ? ' ' : (masked[place] ?? ' ')));
  if (!marks.includes(':') || !marks.every((mark) => mark === ':' || mark === ' ')) return undefined;
  const source = text.lines[line] ?? '';
  const cuts = [-1, ...places.map((place) => place ?? source.length), source.length];
  const cells = cuts.slice(1).map((end, i) => {
    const from = Math.min((cuts[i] ?? 0) + 1, end);
    return { raw: source.slice(from, end), offset: from };
  });
  const first = (cells[0]?.raw ?? '').replace(/^\|/, '').trim() !== '';
  return { cells, continued: [first, ...marks.map((mark) => mark === ':')] };
}

type Physical = { cells: WideCell[]; line: number; continued: readonly boolean[]; unmarked?: true };

function goOnUnmarked(line: Physical, continued: readonly boolean[]): void {
  line.continued = continued;
  line.unmarked = true;
}

function withoutFrame(cell: WideCell, first: boolean, last: boolean): WideCell {
  const raw = last ? cell.raw.replace(/\|$/, '') : cell.raw;
  return first ? { raw: raw.replace(/^\|/, ''), offset: cell.offset + 1 } : { ...cell, raw };
}

function barred(text: TableText, line: number, columns: number, ruler: readonly number[] | undefined): WideCell[] {
  const source = text.lines[line] ?? '';
  const masked = text.masked[line] ?? '';
  const closed = masked.startsWith('|') && masked.endsWith('|') && source.length > 1;
  const cells = closed ? splitCells(text, line, columns, { start: 1, end: source.length - 1 }, ruler) : undefined;
  if (cells === undefined) throw notARow(line, columns);
  return cells;
}
