/** The columns that a terminal gives to a text, as xterm.js counts them. psql counts otherwise: `psql-width.ts`. */
export function terminalWidth(text: string): number {
  let width = 0;
  for (const char of text) width += characterWidth(char);
  return width;
}

const zero = /^[\p{Mn}\p{Me}\u200b-\u200f\u2060]$/u;

/** Columns of a character: 0 combining, 2 wide (Unicode East Asian Width W and F), else 1. */
function characterWidth(char: string): number {
  const point = char.codePointAt(0) ?? 0;
  if (point < 0x300) return 1;
  if (zero.test(char)) return 0;
  return wide.some(([first, last]) => point >= first && point <= last) ? 2 : 1;
}

const wide: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3040, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x20000, 0x2fffd],
  [0x30000, 0x3fffd],
];
