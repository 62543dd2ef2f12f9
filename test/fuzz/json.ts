import { applyHunks, mergeAccepted } from '../../core/expectation/accept.ts';
import type { RowOrder } from '../../core/expectation/model.ts';
import type { Form } from './form.ts';
import { piecesFit, placeholders, readPieces, writeLiteral } from './placeholders.ts';
import { Random } from './random.ts';
import { judge, linesOf, readTrial, type Trial, type Verdict } from './trial.ts';

/** A JSON value. Numbers and words are as written; in a page a string may have placeholders, or be a bare one. */
type Json =
  | { readonly kind: 'object'; readonly entries: readonly (readonly [key: string, value: Json])[] }
  | { readonly kind: 'array'; readonly items: readonly Json[] }
  | { readonly kind: 'string'; readonly text: string; readonly bare?: true }
  | { readonly kind: 'word'; readonly text: string };

type JsonCase = {
  readonly output: Json;
  /** What is wrong with the output as JSON, by the text that comes before and after it. */
  readonly before: string;
  readonly after: string;
  readonly page: Json;
  readonly order: RowOrder;
  /** How both are laid out. */
  readonly layout: number;
  readonly end: string;
};

const values = { greeting: 'good morning', port: '5432' };
const keys = ['a', 'b', 'id', 'x y', '', 'é', '日本', 'a.b', '{{', '"', '\\', '__proto__', 'constructor'];
const words = ['0', '1', '-0', '0.0', '1.0', '10', '1e1', '12345678901234567890', 'true', 'false', 'null', '5432'];
const texts = [
  '',
  'a',
  'b',
  '1',
  'null',
  'a b',
  ' a',
  'é',
  'e\u0301',
  '日本',
  '🚀',
  '{{int}}',
  '{{',
  '}}',
  '{',
  '\\',
  '"',
  '\n',
  '\t',
  '/',
  '5432',
];

/** JSON: random values, against a comparison of the values that tries everything. */
export const json: Form<JsonCase> = {
  name: 'json',
  make,
  trial,
  oracle: (of) =>
    of.before + of.after === '' && !hasTwins(of.output) && same(of.page, of.output, of.order) ? 'pass' : 'fail',
  *simpler(of) {
    if (of.end !== '\n') yield { ...of, end: '\n' };
    if (of.layout !== 0) yield { ...of, layout: 0 };
    if (of.before !== '') yield { ...of, before: '' };
    if (of.after !== '') yield { ...of, after: '' };
    if (of.order !== 'exact') yield { ...of, order: 'exact' };
    for (const output of simplerValues(of.output))
      for (const page of simplerValues(of.page)) yield { ...of, output, page };
    for (const output of simplerValues(of.output)) yield { ...of, output };
    for (const page of simplerValues(of.page)) yield { ...of, page };
  },
  complaint,
};

function trial(of: JsonCase): Trial {
  const body = write(of.page, new Random(of.layout), of.layout !== 0, writeText).split(/\r?\n/);
  const text = write(of.output, new Random(of.layout + 1), of.layout !== 0, JSON.stringify);
  const output = `${of.before}${text}${of.after}\n`.replace(/\r?\n/g, of.end);
  return { form: 'json', order: of.order, body, output, values };
}

/** The value as text, with or without freedom in blanks and escapes. */
function write(value: Json, random: Random, free: boolean, quote: (text: string) => string): string {
  const blank = (): string => (free ? random.pick(['', '', ' ', '  ', '\n', '\t', '\n  ']) : '');
  const string = (text: string): string => {
    const quoted = quote(text);
    if (!free || quoted.includes('{{')) return quoted;
    return quoted.replace(/[a-zé/]|[\ud800-\udfff]{2}/g, (found) => {
      if (random.below(8) > 0) return found;
      const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
      return found === '/' ? '\\/' : found.split('').map(escaped).join('');
    });
  };
  const show = (of: Json): string => {
    switch (of.kind) {
      case 'word':
        return of.text;
      case 'string':
        return of.bare ? of.text : /\\[a-z]/.test(quote(of.text)) ? quote(of.text) : string(of.text);
      case 'array':
        return `[${blank()}${of.items.map(show).join(`${blank()},${blank()}`)}${blank()}]`;
      case 'object': {
        const key = (text: string): string =>
          quote === JSON.stringify ? quote(text) : JSON.stringify(text).replaceAll('{{', '\\{{');
        const entries = of.entries.map(([name, child]) => `${key(name)}${blank()}:${blank()}${show(child)}`);
        return `{${blank()}${entries.join(`${blank()},${blank()}`)}${blank()}}`;
      }
    }
  };
  return blank() + show(value) + blank();
}

/** A string of a page: its literal pieces escaped as JSON has it, its placeholders as they are. */
function writeText(text: string): string {
  const pieces = text.split(/((?<!\\)\{\{(?:\/.*?\/|[^/]*?)\}\})/s);
  const written = pieces.map((piece, i) => {
    if (i % 2 === 1) return piece;
    const literal = JSON.stringify(piece.replaceAll('\\{{', '{{')).slice(1, -1);
    return literal.replaceAll('{{', '\\{{');
  });
  return `"${written.join('')}"`;
}

function make(random: Random): JsonCase {
  const few = random.list(2, 4, () => makeScalar(random));
  const output = makeValue(random, 3, few);
  const order = random.pick<RowOrder>(['exact', 'exact', 'any-order', 'contains']);
  const right = pageOf(random, output, order);
  const page = random.once(2) ? right : changed(random, right, few);
  const wrong = random.once(12)
    ? random.pick([
        ['', ' x'],
        ['NOTICE:  x\n', ''],
        ['', '\u00a0'],
        ['', ','],
      ])
    : ['', ''];
  return {
    output: random.once(20) ? twinned(output) : output,
    before: wrong[0] ?? '',
    after: wrong[1] ?? '',
    page,
    order,
    layout: random.once(3) ? 0 : 1 + random.below(1_000_000),
    end: random.once(4) ? '\r\n' : '\n',
  };
}

function makeScalar(random: Random): Json {
  return random.once(2) ? { kind: 'word', text: random.pick(words) } : { kind: 'string', text: random.pick(texts) };
}

function makeValue(random: Random, depth: number, few: readonly Json[]): Json {
  if (depth === 0 || random.once(4)) return random.once(3) ? makeScalar(random) : random.pick(few);
  const child = (): Json => makeValue(random, depth - 1, few);
  if (random.once(2)) return { kind: 'array', items: random.list(0, 4, child) };
  const names = random.shuffled(keys).slice(0, random.below(4));
  return { kind: 'object', entries: names.map((name) => [name, child()]) };
}

/** A page that expects the value, maybe with fewer keys, another order, and placeholders. */
function pageOf(random: Random, value: Json, order: RowOrder): Json {
  switch (value.kind) {
    case 'object': {
      const entries = random.shuffled(value.entries).slice(random.once(3) ? random.below(value.entries.length + 1) : 0);
      return { kind: 'object', entries: entries.map(([key, child]) => [key, pageOf(random, child, order)]) };
    }
    case 'array': {
      const items = order === 'exact' ? value.items : random.shuffled(value.items);
      const kept = order === 'contains' ? items.slice(random.below(items.length + 1)) : items;
      return { kind: 'array', items: kept.map((item) => pageOf(random, item, order)) };
    }
    default:
      return random.once(4) ? (placeholderFor(random, value) ?? literal(value)) : literal(value);
  }
}

function literal(value: Json): Json {
  return value.kind === 'string' ? { kind: 'string', text: writeLiteral(value.text) } : value;
}

function placeholderFor(random: Random, value: Json): Json | undefined {
  if (value.kind !== 'string' && !(value.kind === 'word' && /\d/.test(value.text))) return undefined;
  const { text } = value;
  const fitting = [
    ...placeholders.filter(({ fits }) => fits(text)).map(({ written }) => written),
    ...Object.entries(values).flatMap(([name, known]) => (known === text ? [name, name, name] : [])),
  ];
  const hole = `{{${random.pick(fitting)}}}`;
  // Of a number only a placeholder alone can stand for it.
  if (random.once(3) && !/[\\{]$/.test(text)) {
    return { kind: 'string', text: `${writeLiteral(text)}{{*}}` };
  }
  return random.once(2) ? { kind: 'string', text: hole, bare: true } : { kind: 'string', text: hole };
}

function changed(random: Random, page: Json, few: readonly Json[]): Json {
  const at = random.below(3);
  if (page.kind === 'array' && page.items.length > 0 && at > 0) {
    const i = random.below(page.items.length);
    const item = page.items[i] as Json;
    const others = [[], [item, item], [changed(random, item, few)], [changed(random, item, few)]];
    return random.once(6)
      ? { ...page, items: page.items.toReversed() }
      : { ...page, items: page.items.toSpliced(i, 1, ...random.pick(others)) };
  }
  if (page.kind === 'object' && page.entries.length > 0 && at > 0) {
    const i = random.below(page.entries.length);
    const [key, child] = page.entries[i] as readonly [string, Json];
    const free = keys.filter((other) => !page.entries.some(([taken]) => taken === other));
    const entry = random.once(3)
      ? ([random.pick(free), child] as const)
      : ([key, changed(random, child, few)] as const);
    return { ...page, entries: page.entries.with(i, entry) };
  }
  return literal(random.once(2) ? random.pick(few) : makeValue(random, 1, few));
}

/** The value with the first key of an object twice, which is no good JSON. */
function twinned(value: Json): Json {
  const first = value.kind === 'object' ? value.entries[0] : undefined;
  return value.kind === 'object' && first !== undefined ? { ...value, entries: [...value.entries, first] } : value;
}

function hasTwins(value: Json): boolean {
  if (value.kind === 'array') return value.items.some(hasTwins);
  if (value.kind !== 'object') return false;
  return (
    new Set(value.entries.map(([key]) => key)).size < value.entries.length ||
    value.entries.some(([, child]) => hasTwins(child))
  );
}

/** Does the page's value stand for this one? */
function same(page: Json, value: Json, order: RowOrder): boolean {
  if (page.kind === 'word') return value.kind === 'word' && value.text === page.text;
  if (page.kind === 'string') {
    const pieces = readPieces(page.text, values);
    // A placeholder alone stands for a number, too.
    const alone = /^\{\{(?:\/.*\/|[^/{}]*)\}\}$/.test(page.text);
    const number = value.kind === 'word' && /\d/.test(value.text);
    return (value.kind === 'string' || (alone && number)) && piecesFit(pieces, value.text);
  }
  if (page.kind === 'object') {
    return (
      value.kind === 'object' &&
      page.entries.every(([key, child]) => {
        const found = value.entries.find(([other]) => other === key);
        return found !== undefined && same(child, found[1], order);
      })
    );
  }
  if (value.kind !== 'array') return false;
  const [wanted, items] = [page.items, value.items];
  if (order !== 'contains' && wanted.length !== items.length) return false;
  if (order === 'exact') return wanted.every((item, i) => same(item, items[i] as Json, order));
  const place = (i: number, free: readonly Json[]): boolean =>
    i === wanted.length ||
    free.some((item, j) => same(wanted[i] as Json, item, order) && place(i + 1, free.toSpliced(j, 1)));
  return place(0, items);
}

function* simplerValues(value: Json): Generator<Json> {
  if (value.kind === 'array') {
    yield* value.items;
    for (const [i, item] of value.items.entries()) {
      yield { ...value, items: value.items.toSpliced(i, 1) };
      for (const simpler of simplerValues(item)) yield { ...value, items: value.items.with(i, simpler) };
    }
  } else if (value.kind === 'object') {
    for (const [, child] of value.entries) yield child;
    for (const [i, [key, child]] of value.entries.entries()) {
      yield { ...value, entries: value.entries.toSpliced(i, 1) };
      for (const simpler of simplerValues(child)) yield { ...value, entries: value.entries.with(i, [key, simpler]) };
    }
  } else if (value.text !== '1') yield { kind: 'word', text: '1' };
}

async function complaint(of: JsonCase, verdict: Verdict): Promise<string | undefined> {
  if (of.before + of.after !== '' || hasTwins(of.output)) return undefined;
  return verdict.passed ? lostPlaceholder(of) : badAcceptance(of);
}

/** What `accept` writes has to pass, whatever JSON came. */
async function badAcceptance(of: JsonCase): Promise<string | undefined> {
  const accepted = await accept(trial(of));
  if ('problem' in accepted) return `accept: ${accepted.problem}`;
  const after = { ...trial(of), body: accepted.body };
  const read = readTrial(after);
  if ('refused' in read) return `accept wrote a page that is refused: ${read.refused}`;
  const { passed } = await judge(read.expectation, after, undefined);
  return passed ? undefined : `accept wrote what does not pass:\n${accepted.body.join('\n')}`;
}

async function accept(of: Trial): Promise<{ readonly body: string[] } | { readonly problem: string }> {
  const read = readTrial(of);
  if ('refused' in read) return { problem: read.refused };
  const merged = mergeAccepted({
    expectation: read.expectation,
    body: of.body,
    output: await linesOf(of.output),
    values,
  });
  return 'problem' in merged ? merged : { body: applyHunks(of.body, merged.hunks) };
}

/** One literal value comes otherwise: `accept` keeps all placeholders. */
async function lostPlaceholder(of: JsonCase): Promise<string | undefined> {
  if (of.order !== 'exact') return undefined;
  const output = withOther(of.page, of.output);
  if (output === undefined) return undefined;
  const other = trial({ ...of, output });
  const accepted = await accept(other);
  if ('problem' in accepted) return `accept of a changed value: ${accepted.problem}`;
  const holes = (lines: readonly string[]): number => lines.join('\n').match(/(?<!\\)\{\{(?!\{)/g)?.length ?? 0;
  return holes(accepted.body) < holes(other.body)
    ? `accept of a changed value lost a placeholder:\n${accepted.body.join('\n')}`
    : undefined;
}

/** The output with another value where the page has the first literal one; both are compared in order. */
function withOther(page: Json, value: Json): Json | undefined {
  if (page.kind === 'word') return { kind: 'string', text: 'changed' };
  if (page.kind === 'array' && value.kind === 'array') {
    for (const [i, item] of page.items.entries()) {
      const other = withOther(item, value.items[i] as Json);
      if (other !== undefined) return { ...value, items: value.items.with(i, other) };
    }
  }
  if (page.kind === 'object' && value.kind === 'object') {
    for (const [key, child] of page.entries) {
      const i = value.entries.findIndex(([other]) => other === key);
      const other = withOther(child, value.entries[i]?.[1] as Json);
      if (other !== undefined) return { ...value, entries: value.entries.with(i, [key, other]) };
    }
  }
  return undefined;
}
