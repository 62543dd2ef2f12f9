import type { Random } from './random.ts';

/** A placeholder as a page writes it, with an own idea of the values that it stands for. */
export type Placeholder = {
  readonly written: string;
  readonly fits: (value: string) => boolean;
  readonly values: readonly string[];
};

const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const white = /[\s\u0085\u200b]/;

const octet = (text: string): boolean => /^(?:0|[1-9]\d{0,2})$/.test(text) && Number(text) < 256;
const isAddress = (text: string): boolean => {
  const [address = '', ...length] = text.split('/');
  const pieces = address.split('.');
  return pieces.length === 4 && pieces.every(octet) && length.length < 2 && length.every((n) => /^\d{1,3}$/.test(n));
};
const isWord = (text: string): boolean => text !== '' && ![...text].some((c) => c !== '\u200b' && white.test(c));
const within = (value: number, most: number) => (text: string) =>
  decimal.test(text) && Math.abs(Number(text) - value) <= most;

/** A sample of placeholders, each with values that it stands for. Patterns mean the same to RE2 and to JavaScript. */
export const placeholders: readonly Placeholder[] = [
  { written: 'int', fits: (text) => /^[+-]?\d+$/.test(text), values: ['0', '7', '+12', '-3', '007'] },
  { written: 'pid', fits: (text) => /^[1-9]\d{0,9}$/.test(text), values: ['1', '4711', '9999999999'] },
  { written: 'number', fits: (text) => decimal.test(text), values: ['0', '1.', '.5', '-1.25e-3', '12'] },
  { written: 'word', fits: isWord, values: ['a', 'a-b', '日本', '7', 'é', '\u200b', '{{', '|'] },
  { written: '*', fits: () => true, values: ['', ' ', 'a b', '日本 語', '{{?}}', '...', '12 MB'] },
  { written: 'ip', fits: isAddress, values: ['127.0.0.1', '10.0.0.255', '192.168.1.0/24'] },
  {
    written: 'lsn',
    fits: (text) => /^[0-9A-F]{1,8}\/[0-9A-F]{1,8}$/.test(text),
    values: ['0/3000060', 'FF/0', '0/0'],
  },
  { written: '/\\.+/', fits: (text) => /^\.+$/.test(text), values: ['.', '...'] },
  { written: '/up|down/', fits: (text) => text === 'up' || text === 'down', values: ['up', 'down'] },
  { written: '/[a-z]*/', fits: (text) => /^[a-z]*$/.test(text), values: ['', 'ab'] },
  { written: '/[0-9]{2}/', fits: (text) => /^[0-9]{2}$/.test(text), values: ['07', '42'] },
  {
    written: '/\\([0-9]+ rows?\\)/',
    fits: (text) => /^\([0-9]+ rows?\)$/.test(text),
    values: ['(1 row)', '(20 rows)'],
  },
  { written: '10±2', fits: within(10, 2), values: ['8', '12', '10.5', '1e1'] },
  { written: '100+-10%', fits: within(100, 10), values: ['90', '110.0', '99'] },
];

/** What `accept` may write, too. Its many forms are tested elsewhere. */
const proposed: readonly Placeholder[] = [
  { written: 'duration', fits: (text) => /^\d+(?:\.\d+)? (?:ms|s|min)$/.test(text), values: [] },
];

const byName = new Map([...placeholders, ...proposed].map((placeholder) => [placeholder.written, placeholder]));

/** A piece of an expected line or cell: literal text or a placeholder, which may have a name. */
export type Piece =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'hole'; readonly of: Placeholder; readonly name: string | undefined };

/** Reads what stands between `{{` and `}}`; a bare name has its value from `values`. */
export function readHole(inner: string, values: Readonly<Record<string, string>>): Piece {
  const named = /^([a-z]\w*):(.*)$/s.exec(inner);
  const of = byName.get(named?.[2] ?? inner);
  if (of !== undefined) return { kind: 'hole', of, name: named?.[1] };
  const value = values[inner];
  if (value === undefined) throw new Error(`the oracle does not know {{${inner}}}`);
  return { kind: 'literal', text: value };
}

/** Reads a line or cell as a page writes it. */
export function readPieces(written: string, values: Readonly<Record<string, string>>): Piece[] {
  const pieces: Piece[] = [];
  let rest = written;
  const literal = (text: string): void => {
    const last = pieces.at(-1);
    if (last?.kind === 'literal') pieces[pieces.length - 1] = { kind: 'literal', text: last.text + text };
    else pieces.push({ kind: 'literal', text });
  };
  while (rest !== '') {
    const escaped = rest.startsWith('\\{{');
    const hole = rest.startsWith('{{{') ? undefined : /^\{\{(\/.*?\/|[a-z]\w*:\/.*?\/|[^/]*?)\}\}/s.exec(rest);
    if (escaped) literal('{{');
    else if (hole) pieces.push(readHole(hole[1] ?? '', values));
    else literal(rest.charAt(0));
    rest = rest.slice(escaped ? 3 : hole ? hole[0].length : 1);
  }
  return pieces;
}

/** Can the text be divided so that every piece has what it stands for? Tries all divisions. */
export function piecesFit(pieces: readonly Piece[], text: string): boolean {
  const dead = new Set<string>();
  const fit = (index: number, from: number): boolean => {
    const piece = pieces[index];
    if (piece === undefined) return from === text.length;
    const key = `${index} ${from}`;
    if (dead.has(key)) return false;
    if (piece.kind === 'literal') {
      if (text.startsWith(piece.text, from) && fit(index + 1, from + piece.text.length)) return true;
    } else {
      for (let end = from; end <= text.length; end++) {
        if (piece.of.fits(text.slice(from, end)) && fit(index + 1, end)) return true;
      }
    }
    dead.add(key);
    return false;
  };
  return fit(0, 0);
}

/** Literal text as a page writes it. */
export function writeLiteral(text: string): string {
  return text.replaceAll('{{', '\\{{');
}

/** A piece as a page writes it, and a value that it may have. */
export function writeHole(random: Random, name?: string): { readonly written: string; readonly value: string } {
  const of = random.pick(placeholders);
  return {
    written: `{{${name === undefined ? '' : `${name}:`}${of.written}}}`,
    value: random.pick(of.values),
  };
}
