import type { Sheet, Style } from './psql-printer.ts';
import type { Random } from './random.ts';

const names = [
  'id',
  'name',
  'host',
  'lag',
  'a',
  'b',
  '?column?',
  '日本',
  'é',
  'e\u0301x',
  'two words',
  'count',
  'x|y',
  '部署 名',
];
const words = [
  'a',
  'b',
  'up',
  'primary',
  '日本',
  '日本語 です',
  'é',
  'e\u0301',
  'ｱ',
  '🚀',
  'a b',
  '',
  '',
  '12 ms',
  '-',
];
const odd = [
  'a|b',
  '|',
  'x+',
  '+',
  '---',
  '"q"',
  'a,b',
  'a:b',
  ':',
  ' lead',
  'trail ',
  'a  b',
  '{{int}}',
  '\\',
  'a\\|b',
  'x↵',
  '│',
  '(1 row)',
  '(2 rows)',
  '-[ RECORD 1 ]-',
  'NOTICE:  x',
  'null',
  "it's",
  'x\ty',
  '日本\tz\tz',
];
const long = ['one\ntwo', 'one\n\ntwo', 'x+\ny', 'a|b\nc', '\n', 'one\n', '日本\n語', ' a\n  b', '---\n---', 'a\nb\nc'];
const numbers = ['0', '1', '2', '42', '-7', '1000000', '3.14'];

/** A random result of a query: few rows, few different values, so that they often are alike. */
export function makeSheet(random: Random): Sheet {
  const columns = random.list(1, random.once(3) ? 5 : 3, () => random.pick(random.once(2) ? names.slice(0, 6) : names));
  const right = columns.map(() => random.once(4));
  const usual = random.list(2, 4, () => makeCell(random));
  const rows = random.list(0, 4, () =>
    right.map((number) => (number ? random.pick(numbers) : random.once(2) ? random.pick(usual) : makeCell(random))),
  );
  return { columns, rows, right };
}

/** A random cell. */
export function makeCell(random: Random): string {
  return random.once(4) ? random.pick(odd) : random.once(8) ? random.pick(long) : random.pick(words);
}

/** One of psql's forms. */
export function makeStyle(random: Random): Style {
  return {
    format: random.pick(['aligned', 'aligned', 'aligned', 'expanded', 'unaligned', 'csv']),
    border: random.pick([0, 1, 1, 2]),
    lines: random.pick(['ascii', 'ascii', 'unicode', 'old-ascii']),
    separator: random.pick(['|', '|', ',', '\t']),
    footer: !random.once(4),
    title: random.once(8) ? 'Nodes' : '',
  };
}
