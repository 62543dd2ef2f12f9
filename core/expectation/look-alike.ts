import type { CellDiff, Diff, DiffRow } from './model.ts';
import { bracesAt } from './parts.ts';

/** The diff with a note wherever something came that only looks like what was expected. */
export function nameLookAlikes(diff: Diff): Diff {
  const missing = new Map<string, string[]>();
  const patterns: { readonly text: string; readonly pieces: readonly string[] }[] = [];
  for (const row of diff.rows) {
    if (row.kind !== 'missing') continue;
    const { text } = row;
    if (text.length > longest) continue;
    if (text.includes('{{')) {
      if (patterns.length < mostPatterns) patterns.push({ text, pieces: literalPieces(text).map(fold) });
      continue;
    }
    const folded = fold(text);
    const alike = missing.get(folded);
    if (alike === undefined) missing.set(folded, [text]);
    else alike.push(text);
  }
  const noteOf = (actual: string): string | undefined => {
    const folded = fold(actual);
    const alike = missing.get(folded)?.pop();
    if (alike !== undefined) return differenceOf(alike, actual);
    const pattern = patterns.find(({ pieces }) => fitsFolded(pieces, folded));
    return pattern === undefined ? undefined : strangerIn(pattern.text, actual);
  };
  const rows = diff.rows.map((row): DiffRow => {
    if (row.kind === 'differs') return { ...row, cells: row.cells.map(noted) };
    if (row.kind !== 'unexpected' || row.actual.length > longest) return row;
    const note = noteOf(row.actual);
    return note === undefined ? row : { ...row, note };
  });
  return { ...diff, rows };
}

const mostPatterns = 50;
const longest = 10_000;

function noted(cell: CellDiff): CellDiff {
  if (
    cell.same ||
    cell.actual.length > longest ||
    cell.expected.length > longest ||
    fold(cell.expected) !== fold(cell.actual)
  )
    return cell;
  const note = differenceOf(cell.expected, cell.actual);
  return note === undefined ? cell : { ...cell, note };
}

/** Names the first place where two texts that look alike differ; undefined when they are the same. */
export function differenceOf(expected: string, actual: string): string | undefined {
  const wanted = [...withoutEndBlanks(expected)];
  const came = [...withoutEndBlanks(actual)];
  let at = 0;
  while (at < wanted.length && at < came.length && wanted[at] === came[at]) at++;
  if (at === wanted.length && at === came.length) return undefined;
  // A mark belongs to the letter before it.
  if (at > 0 && (isMark(wanted[at]) || isMark(came[at]))) at--;
  let [left, right] = alikeAt(wanted.slice(at), came.slice(at));
  while (left.length > 0 && right.length > 0 && left.at(-1) === right.at(-1)) {
    left = left.slice(0, -1);
    right = right.slice(0, -1);
  }
  return tell(left, right, at + 1);
}

function tell(wanted: readonly string[], came: readonly string[], column: number): string {
  const place = `(column ${column})`;
  if (came.length === 0) return `expected ${codes(wanted)}, which did not come ${place}`;
  const here = `${glyph(came)}here is ${codes(came)}`;
  return wanted.length === 0
    ? `${here}, which is not expected ${place}`
    : `${here}, expected ${codes(wanted)} ${place}`;
}

/** The shortest beginnings that look alike. */
function alikeAt(wanted: readonly string[], came: readonly string[]): [readonly string[], readonly string[]] {
  for (let size = 2; size <= 12; size++) {
    for (let left = 1; left < size; left++) {
      const pair = [wanted.slice(0, left), came.slice(0, size - left)] as const;
      const whole = !isMark(wanted[left]) && !isMark(came[size - left]);
      if (!whole || fold(pair[0].join('')) !== fold(pair[1].join(''))) continue;
      return [wanted.slice(0, blanksEnd(wanted, left)), came.slice(0, blanksEnd(came, size - left))];
    }
  }
  return [wanted.slice(0, 4), came.slice(0, 4)];
}

/** Where a run of blanks ends that the first `count` characters end with. */
function blanksEnd(chars: readonly string[], count: number): number {
  let end = count;
  while (/^\s$/.test(chars[end - 1] ?? '') && /^\s$/.test(chars[end] ?? '')) end++;
  return end;
}

/** The first character that came and is only like one of the expected text, or the first such one that was expected. */
function strangerIn(expected: string, actual: string): string | undefined {
  const known = new Set(expected);
  const came = [...actual];
  const at = came.findIndex((char) => isStrange(char) && !known.has(char));
  if (at >= 0) {
    const char = came[at] ?? '';
    return tell([...fold(`x${char}x`)].slice(1, -1), [char], at + 1);
  }
  const there = new Set(actual);
  const wanted = [...expected].find((char) => isStrange(char) && !there.has(char));
  return wanted === undefined ? undefined : `expected ${codes([wanted])}, which did not come`;
}

function isStrange(char: string): boolean {
  return char !== ' ' && fold(`x${char}x`) !== `x${char}x`;
}

/** Does the folded line have the folded literal pieces of the expected one, in order? */
function fitsFolded(pieces: readonly string[], line: string): boolean {
  const first = pieces[0] ?? '';
  const last = pieces.at(-1) ?? '';
  if (pieces.join('') === '' || !line.startsWith(first) || !line.endsWith(last)) return false;
  let at = first.length;
  for (const piece of pieces.slice(1)) {
    const found = line.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return true;
}

function literalPieces(text: string): string[] {
  const pieces = [''];
  for (let at = 0; at < text.length; ) {
    const braces = bracesAt(text, at);
    if (braces === undefined) pieces[pieces.length - 1] += text.charAt(at);
    else pieces.push('');
    at = braces?.end ?? at + 1;
  }
  return pieces;
}

/** A text as it looks: without what nobody sees, with one form for all that looks the same. */
function fold(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/[^\0-\x7f]/gu, (char) => lookAlikes.get(char) ?? char)
    .replace(/\s+/gu, ' ')
    .trim();
}

function withoutEndBlanks(text: string): string {
  return text.replace(/[ \t\n\v\f\r]+$/, '');
}

function isMark(char: string | undefined): boolean {
  return char !== undefined && /^\p{M}$/u.test(char);
}

function glyph(chars: readonly string[]): string {
  const text = chars.join('');
  return /^[\p{L}\p{N}\p{P}\p{S}]\p{M}*$/u.test(text) && !/\p{Default_Ignorable_Code_Point}/u.test(text)
    ? `${text} `
    : '';
}

function codes(chars: readonly string[]): string {
  return chars
    .map((char) => {
      const code = (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
      const name = names[code];
      return `U+${code}${name === undefined ? '' : ` (${name})`}`;
    })
    .join(' ');
}

const names: Readonly<Record<string, string>> = {
  '0009': 'tab',
  '0020': 'space',
  '00A0': 'no-break space',
  '00AD': 'soft hyphen',
  '200B': 'zero width space',
  '200C': 'zero width non-joiner',
  '200D': 'zero width joiner',
  '202F': 'narrow no-break space',
  '2060': 'word joiner',
  '3000': 'ideographic space',
  FE0F: 'variation selector',
  FEFF: 'byte order mark',
};

const lookAlikes = new Map(
  [
    ["'", '‘’‚‛′ʼ´ˈ'],
    ['"', '“”„‟″〝〞'],
    ['-', '‐‑‒–—―−⁃﹘─'],
    ['~', '〜∼'],
    ['/', '⁄∕'],
    ['\\', '¥₩∖'],
    ['|', '｜│¦'],
    [':', '∶'],
    ['*', '∗'],
    ['.', '․'],
    ['a', 'аα'],
    ['c', 'с'],
    ['e', 'е'],
    ['i', 'іι'],
    ['j', 'ј'],
    ['o', 'оο'],
    ['p', 'рρ'],
    ['s', 'ѕ'],
    ['v', 'ν'],
    ['x', 'х'],
    ['y', 'у'],
    ['A', 'АΑ'],
    ['B', 'ВΒ'],
    ['C', 'С'],
    ['E', 'ЕΕ'],
    ['H', 'НΗ'],
    ['I', 'ІΙ'],
    ['K', 'КΚ'],
    ['M', 'МΜ'],
    ['N', 'Ν'],
    ['O', 'ОΟ'],
    ['P', 'РΡ'],
    ['T', 'ТΤ'],
    ['X', 'ХΧ'],
    ['Y', 'Υ'],
    ['Z', 'Ζ'],
    ['一', 'ー'],
  ].flatMap(([plain = '', others = '']) => [...others].map((other) => [other, plain] as const)),
);
