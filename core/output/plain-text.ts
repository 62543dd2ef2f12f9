import { terminalWidth } from './terminal-width.ts';

/** Bodies of escape sequences that change no text where the cursor is at the end of what was written (ECMA-48, xterm). */
const harmless =
  '\\[[0-9;:]*m|' + // colours
  '\\[0?[KJ]|' + // erase what is right of and below the cursor: nothing is there
  '\\[\\?(?:1|12|25|1000|1002|1003|1004|1006|2004|2026)[hl]|' + // cursor, mouse, paste and synchronisation modes
  '\\(B|[=>]'; // ASCII, keypad modes

const silent = new RegExp(`\\x1b(?:${harmless})|[\\x07\\x0f]`, 'g');
const moving = new RegExp(`\\x1b(?!${harmless})|[\\x08\\x0b\\x0c\\x18\\x1a]|\\r(?!\\r*\\n)`);
const control = /[\x00-\x09\x0b\x0c\x0e-\x1f]/;

/** How many last characters are carriage returns, whose line feed may still come. */
export function unfinishedTail(text: string): number {
  return text.charCodeAt(text.length - 1) === 13 ? text.length - trailingReturns(text) : 0;
}

/** Index of the first character that does more than append text; -1 without one. `text` ends with a whole sequence. */
export function findMoving(text: string): number {
  return text.search(moving);
}

/** Removes what leaves no text: colours, strings to the terminal, bells. Only for text without moving sequences. */
export function withoutSilent(text: string): string {
  return control.test(text) ? text.replace(silent, '') : text;
}

/**
 * Tabs as spaces up to the next stop of eight columns, as a reader sees them; a tab never leaves its row of `columns`.
 * Tabs at the end show nothing.
 */
export function expandTabs(line: string, columns: number): string {
  if (!line.includes('\t')) return line;
  let column = 0;
  let result = '';
  for (const char of line.replace(/\t+$/, '')) {
    if (char === '\t') {
      const inRow = column % columns;
      const move = column > 0 && inRow === 0 ? 0 : Math.min((Math.floor(inRow / 8) + 1) * 8, columns - 1) - inRow;
      result += ' '.repeat(move);
      column += move;
      continue;
    }
    const width = terminalWidth(char);
    // A wide character that does not fit in the row's last column goes to the next row.
    if (width === 2 && column % columns === columns - 1) column++;
    column += width;
    result += char;
  }
  return result;
}

function trailingReturns(text: string): number {
  let at = text.length;
  while (at > 0 && text.charCodeAt(at - 1) === 13) at--;
  return at;
}
