import { psqlWidth } from '../../core/output/psql-width.ts';
import { visibleControls } from './visible-control.ts';

/** Columns that a line of a query may take, and how many of them stay free behind the mark (libpq's reportErrorPosition). */
const screen = { width: 60, right: 10 };

const isLineEnd = (character: string | undefined): boolean => character === '\r' || character === '\n';

/** The line of a query that an error is about, cut as libpq cuts it, and a mark below; `position` counts characters from 1. */
export function pointAt(query: string, position: number, version?: number): readonly string[] {
  const characters = Array.from(query);
  const at = position - 1;
  // The position is one in another text, such as that of a prepared statement: libpq shows none.
  if (!(at >= 0 && at <= characters.length)) return [];
  let line = 1;
  let begin = 0;
  for (let index = 0; index < at; index++) {
    if (!isLineEnd(characters[index])) continue;
    if (characters[index] === '\r' || characters[index - 1] !== '\r') line++;
    begin = index + 1;
  }
  let end = at;
  while (end < characters.length && !isLineEnd(characters[end])) end++;
  const shown = characters.slice(begin, end);
  const cut = cutToScreen(shown, at - begin, version);
  const lead = `LINE ${line}: ${cut.from > 0 ? '...' : ''}`;
  const text = (from: number, to: number): string =>
    visibleControls(shown.slice(from, to).join('').replaceAll('\t', ' '));
  const left = lead.length + columnsOf(text(cut.from, at - begin), version);
  const tail = cut.to < shown.length ? '...' : '';
  return [`${lead}${text(cut.from, cut.to)}${tail}`, `${' '.repeat(left)}^`];
}

/** Which characters of a line are shown so that the one at `mark` is among them. */
function cutToScreen(
  line: readonly string[],
  mark: number,
  version: number | undefined,
): { readonly from: number; readonly to: number } {
  const starts = [0];
  for (const character of line) starts.push((starts.at(-1) ?? 0) + columnsOf(character, version));
  const columns = (from: number, to: number): number => (starts[to] ?? 0) - (starts[from] ?? 0);
  let from = 0;
  let to = line.length;
  const isTooLong = (): boolean => columns(from, to) > screen.width;
  if (!isTooLong()) return { from, to };
  if (columns(0, mark) + screen.right <= screen.width) {
    while (isTooLong()) to--;
    return { from, to };
  }
  while (columns(mark, to) > screen.right) to--;
  while (isTooLong()) from++;
  return { from, to };
}

/** Unlike in a table, no character is counted as none. */
function columnsOf(text: string, version: number | undefined): number {
  let columns = 0;
  for (const character of text) columns += Math.max(1, psqlWidth(character, version));
  return columns;
}
