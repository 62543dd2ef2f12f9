import { indexAtPsqlColumn, psqlWidth } from '../output/psql-width.ts';
import { type RawCell, TableError, type TableText } from './table-text.ts';
import { trimBlanks } from './whitespace.ts';

/** A cell before its padding is taken off. */
export type WideCell = { readonly raw: string; readonly offset: number };

/**
 * The cells of a line between `start` and `end`. As many bars as there are columns leave no doubt; where a cell contains
 * a bar, the ruler's display columns (relative to `start`) say which bars separate. Undefined when the line is no row.
 */
export function splitCells(
  text: TableText,
  line: number,
  columns: number,
  range: { readonly start: number; readonly end: number },
  ruler: readonly number[] | undefined,
): WideCell[] | undefined {
  const source = (text.lines[line] ?? '').slice(range.start, range.end);
  const masked = (text.masked[line] ?? '').slice(range.start, range.end);
  let bars = [...masked.matchAll(/\|/g)].map((found) => found.index);
  if (bars.length < columns - 1) return undefined;
  if (bars.length > columns - 1) {
    if (ruler === undefined) return undefined;
    const placed = ruler.map((column) => indexAtPsqlColumn(masked, column, text.psql));
    if (!placed.every((index) => index !== undefined && masked[index] === '|')) return undefined;
    bars = placed as number[];
  }
  const cuts = [-1, ...bars, source.length];
  return cuts.slice(1).map((end, i) => {
    const from = (cuts[i] ?? 0) + 1;
    return { raw: source.slice(from, end), offset: range.start + from };
  });
}

/** The cell without padding. */
export function trimCell(cell: WideCell): RawCell {
  const lead = cell.raw.length - cell.raw.replace(/^[\t\v\f ]+/, '').length;
  return { text: trimBlanks(cell.raw), offset: cell.offset + lead };
}

/** Physical lines joined to rows where psql's `+` says that a cell goes on below. */
export function joinContinued(
  physical: readonly {
    readonly cells: readonly WideCell[];
    readonly line: number;
    readonly continued: readonly boolean[];
    /** The old ASCII style has no mark at the end of a cell: a `+` there is the cell's own. */
    readonly unmarked?: true;
  }[],
): { readonly cells: readonly RawCell[]; readonly line: number; readonly lines: number }[] {
  const rows: { cells: RawCell[]; line: number; lines: number }[] = [];
  let open: readonly boolean[] | undefined;
  for (const { cells, line, continued, unmarked } of physical) {
    const trimmed = cells.map((cell, i) => {
      const piece = trimCell(cell);
      const marked = unmarked !== true && continued[i] === true && /[+↵]$/.test(cell.raw);
      return marked ? { ...piece, text: trimBlanks(piece.text.slice(0, -1)) } : piece;
    });
    const row = rows.at(-1);
    if (open === undefined || row === undefined) rows.push({ cells: trimmed, line, lines: 1 });
    else {
      const goes = open;
      const stray = trimmed.findIndex((cell, i) => goes[i] !== true && cell.text !== '');
      if (stray >= 0)
        throw new TableError(line, 'a cell of several lines could not be read', 'print the table with `psql --csv`');
      row.lines++;
      row.cells = row.cells.map((cell, i) =>
        goes[i] === true ? { ...cell, text: `${cell.text}\n${trimmed[i]?.text ?? ''}` } : cell,
      );
    }
    open = continued.includes(true) ? continued : undefined;
  }
  if (open !== undefined) {
    throw new TableError(
      rows.at(-1)?.line ?? 0,
      'the last row says that it goes on, but nothing follows',
      'print the table with `psql --csv`',
    );
  }
  return rows.map((row) => (row.lines === 1 ? row : { ...row, cells: row.cells.map(trimLines) }));
}

/** The cell without blanks around any of its lines, of which aligned forms cannot tell, and without blank lines at its ends. */
export function trimLines(cell: RawCell): RawCell {
  return { ...cell, text: trimBlanks(cell.text.split('\n').map(trimBlanks).join('\n')) };
}

/**
 * Which cells end with psql's mark for "goes on in the next line". `full`: does the line reach to the ruler's end, where
 * the last cell's mark would be?
 */
export function continuations(cells: readonly WideCell[], line: number, full: boolean): boolean[] {
  return cells.map((cell, i) => {
    if (i === cells.length - 1 && !full) return false;
    return goesOn(cell.raw.at(-1) ?? '', line);
  });
}

/** Does the mark at the end of a cell say that its text goes on below? A mark of a wrapped line is refused. */
export function goesOn(mark: string, line: number): boolean {
  if (mark === '.' || mark === '…') {
    throw new TableError(
      line,
      'psql wrapped a cell at the window’s width',
      'set `\\pset format aligned` or use `psql --csv`',
    );
  }
  return mark === '+' || mark === '↵';
}

/** Does the line take exactly the columns that the ruler takes? */
export function isFull(text: TableText, line: number, ruler: string): boolean {
  return psqlWidth(text.lines[line] ?? '', text.psql) === ruler.length;
}
