import { indexAtPsqlColumn, psqlWidth } from '../output/psql-width.ts';
import { endOfRows, isCentred } from './table-aligned.ts';
import { goesOn, joinContinued, trimCell, type WideCell } from './table-cells.ts';
import { footerOf, notARow, type RawRow, type RawTable, TableError, type TableText } from './table-text.ts';

/** Reads psql's `\pset border 0`, whose ruler `--- ---` is at line `ruler`: only the place tells what is in which column. */
export function readBare(text: TableText, ruler: number): RawTable {
  const shape = text.masked[ruler] ?? '';
  const columns = [...shape.matchAll(/-+/g)].map((found) => ({
    start: found.index,
    end: found.index + found[0].length,
  }));
  const isRow = (line: string): boolean => line !== '' && footerOf(line) === undefined;
  const end = endOfRows(text, ruler + 1, true, isRow);
  const footer = footerOf(text.lines[end] ?? '');
  const physical = [];
  for (let line = ruler + 1; line < end; line++) physical.push({ ...cut(text, line, columns), line });
  if (columns.length === 1 && footer === undefined && !text.authored) {
    throw new TableError(
      ruler,
      'this line may be a rule or a value of a single column',
      'let psql print its footer `(N rows)`',
    );
  }
  const rows = joinContinued(physical);
  return {
    form: 'bare',
    columns: cut(text, ruler - 1, columns).cells.map(trimCell),
    headerLine: ruler - 1,
    rows: footer === undefined ? rows.map((row): RawRow => ({ ...row, doubtful: true })) : rows,
    footer,
    from: ruler - 1,
    to: footer === undefined ? end : end + 1,
    // psql counts a blank, or its mark, behind each column.
    titled: isCentred(text, ruler - 2, shape.length + 1),
  };
}

/** Is the name in the middle of the rule of its only column, where psql prints it? */
export function isMiddle(text: TableText, header: number, ruler: string): boolean {
  const name = text.lines[header] ?? '';
  const room = ruler.length - psqlWidth(name.trim(), text.psql);
  return name.length - name.trimStart().length === Math.floor(room / 2);
}

function cut(
  text: TableText,
  line: number,
  columns: readonly { readonly start: number; readonly end: number }[],
): { cells: WideCell[]; continued: boolean[] } {
  const source = text.lines[line] ?? '';
  const width = psqlWidth(source, text.psql);
  const indexOf = (column: number): number => {
    const index = column >= width ? source.length : indexAtPsqlColumn(source, column, text.psql);
    if (index === undefined) throw notARow(line, columns.length);
    return index;
  };
  const continued: boolean[] = [];
  const cells = columns.map(({ start, end }) => {
    const from = indexOf(start);
    const to = indexOf(end);
    // psql's marks stand between the columns and behind the last one.
    const mark = source[to] ?? ' ';
    const goes = goesOn(mark, line);
    if (!goes && mark !== ' ') throw notARow(line, columns.length);
    continued.push(goes);
    return { raw: source.slice(from, goes ? to + 1 : to), offset: from };
  });
  if (width > (columns.at(-1)?.end ?? 0) + 1) throw notARow(line, columns.length);
  return { cells, continued };
}
