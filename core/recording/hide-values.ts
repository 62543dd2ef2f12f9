/** A value that must not be seen, and what is shown in its place. */
export type HiddenValue = {
  readonly value: string;
  readonly shown: string;
  /** `anywhere`, also within a longer word; `word`: only as a whole word; `path`: as a whole path or the beginning of one. */
  readonly where: 'anywhere' | 'word' | 'path';
};

/** A part of a text, in UTF-16 units, with what is shown in its place. */
export type Replacement = { readonly from: number; readonly to: number; readonly shown: string };

/** Hides values in text. */
export type Hiding = {
  /** What has to be replaced in a text, in order. */
  find(text: string): readonly Replacement[];
  text(text: string): string;
  /** Every string that a person wrote or a program printed within an outcome or a part of one; the shape stays. */
  deep<T>(value: T): T;
  /** Every string within a value whose keys are names of hosts, facts, or values. */
  all<T>(value: T): T;
};

/** Where something that shows no text lies in a text. */
export type Mark<T> = { readonly offset: number; readonly mark: T };

/** Makes a hiding of these values; of two at one place the longer is hidden, of two equal ones the first. Empty ones are none. */
export function createHiding(values: readonly HiddenValue[]): Hiding {
  const byText = new Map<string, HiddenValue>();
  for (const hidden of values) {
    if (hidden.value === '') continue;
    for (const text of formsOf(hidden)) if (!byText.has(text)) byText.set(text, hidden);
  }
  if (byText.size === 0) return { find: () => [], text: (text) => text, deep: (value) => value, all: (value) => value };
  const sorted = [...byText].sort(([a], [b]) => b.length - a.length);
  const pattern = new RegExp(sorted.map(([text, { where }]) => around[where](escapePattern(text))).join('|'), 'gu');
  const find = (text: string): readonly Replacement[] =>
    Array.from(text.matchAll(pattern), ({ 0: found, index }) => ({
      from: index,
      to: index + found.length,
      shown: byText.get(found)?.shown ?? '',
    }));
  const text = (whole: string): string => whole.replace(pattern, (found) => byText.get(found)?.shown ?? '');
  return {
    find,
    text,
    deep: <T>(value: T): T => mapText(value, text) as T,
    all: <T>(value: T): T => mapAllText(value, text) as T,
  };
}

/**
 * How a value stands in output: as it is; with the line ends of a terminal; as a terminal shows it, without characters that
 * draw nothing; and, of several lines, each line, because output is compared and shown by lines.
 */
export function* formsOf({ value, where }: Pick<HiddenValue, 'value' | 'where'>): Generator<string> {
  yield value;
  yield value.replaceAll(/\r?\n/g, '\r\n');
  const lines = value.split(/\r?\n/);
  for (const text of lines.length > 1 ? lines : []) if (text.length >= 4 && where === 'anywhere') yield text;
  const drawn = value.replaceAll(invisible, '');
  if (drawn.length >= (where === 'anywhere' ? 4 : 1)) yield drawn;
}

const invisible = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/g;

/** Gives a text with its replacements, and in their places the marks in it; one within what is replaced comes after it. */
export function* replaceBetween<T>(
  text: string,
  marks: readonly Mark<T>[],
  replacements: readonly Replacement[],
): Generator<string | { readonly mark: T }> {
  let at = 0;
  let next = 0;
  const until = function* (to: number): Generator<string | { readonly mark: T }> {
    for (let entry = marks[next]; entry && entry.offset <= to; entry = marks[++next]) {
      if (entry.offset > at) yield text.slice(at, entry.offset);
      at = Math.max(at, entry.offset);
      yield { mark: entry.mark };
    }
    if (to > at) yield text.slice(at, to);
    at = Math.max(at, to);
  };
  for (const { from, to, shown } of replacements) {
    yield* until(from);
    yield shown;
    at = to;
  }
  yield* until(text.length);
}

/**
 * Changes every string within a JSON-like value but those that name something: kinds, verdicts, steps, hosts. Below
 * `captures` the keys are a page's own names, and there nothing is left out.
 */
export function mapText(value: unknown, change: (text: string) => string): unknown {
  return mapObject(value, change, (object, key, item) => {
    const elided = 'kind' in object && object.kind === 'elided';
    if (names.has(key) || (elided && key === 'why')) return item;
    return key === 'captures' ? mapAllText(item, change) : mapText(item, change);
  });
}

/** Changes every string within a JSON-like value, whatever the keys are. */
export function mapAllText(value: unknown, change: (text: string) => string): unknown {
  return mapObject(value, change, (_, __, item) => mapAllText(item, change));
}

function mapObject(
  value: unknown,
  change: (text: string) => string,
  within: (object: object, key: string, item: unknown) => unknown,
): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => within({}, '', item));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, within(value, key, item)]));
}

const names = new Set(['kind', 'verdict', 'step', 'host']);

const around: Readonly<Record<HiddenValue['where'], (pattern: string) => string>> = {
  anywhere: (pattern) => pattern,
  word: (pattern) => `(?<![\\p{L}\\p{N}_-])${pattern}(?![\\p{L}\\p{N}_-])`,
  // Looked at from its end, so that only where it stands anything has to be looked up; `file://host/path` is one, too.
  path: (pattern) =>
    `${pattern}(?<=(?:(?<![\\p{L}\\p{N}_.~-])|://[^\\s/]*)${pattern})(?![\\p{L}\\p{N}_-]|\\.[\\p{L}\\p{N}_])`,
};

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
