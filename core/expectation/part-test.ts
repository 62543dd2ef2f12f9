import { RE2JS } from 're2js';
import type { Part } from './model.ts';
import { isOfType, typeSource } from './placeholder-types.ts';

/** A compiled line or cell. All tests take time linear in the text. */
export type PartTest = {
  /** The whole text when there is no placeholder. */
  readonly literal: string | undefined;
  readonly hasCaptures: boolean;
  matches(text: string): boolean;
  /** What the named placeholders took; empty when the text does not match. */
  captures(text: string): Record<string, string>;
  /** What each placeholder took, in order; undefined when the text does not match. */
  taken(text: string): string[] | undefined;
};

/** Compiles bound parts (no `use` left). Throws when user patterns cannot be put together. */
export function compileParts(parts: readonly Part[]): PartTest {
  const merged = mergeLiterals(parts);
  const holes = merged.filter((part): part is Hole => part.kind !== 'literal');
  const hole = holes[0];
  if (hole === undefined) return literalTest(literalOf(merged[0]));
  const names = holes.map((part) => (part.kind === 'use' ? undefined : part.capture));
  const taken = holes.length === 1 ? singleHole(merged, hole) : manyHoles(merged, holes);
  const found = taken.taken;
  return {
    literal: undefined,
    hasCaptures: names.some((name) => name !== undefined),
    matches: taken.matches,
    taken: found,
    captures(text) {
      const values = found(text);
      const captures: Record<string, string> = {};
      values?.forEach((value, i) => {
        const name = names[i];
        if (name !== undefined) captures[name] = value;
      });
      return captures;
    },
  };
}

/** A user's regular expression in RE2, or why it is none. */
export function compilePattern(source: string): RE2JS | string {
  // An open \Q would swallow what follows it once the pattern is part of a longer one.
  if (source.includes('\\Q')) return '`\\Q` is not allowed';
  try {
    return RE2JS.compile(source);
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).replace(/^error parsing regexp: /, '');
  }
}

/** Is the text a finite decimal number within the tolerance? */
export function isNear(text: string, value: number, tolerance: number): boolean {
  if (!isOfType('number', text) || text.length > 40) return false;
  const actual = Number(text);
  // 0.33 is within 0.3±10%, which binary fractions alone would deny.
  const rounding = 4 * Number.EPSILON * Math.max(Math.abs(actual), Math.abs(value));
  return Number.isFinite(actual) && Math.abs(actual - value) <= tolerance + rounding;
}

type Hole = Exclude<Part, { kind: 'literal' }>;
type Taker = { matches(text: string): boolean; taken(text: string): string[] | undefined };

function literalTest(literal: string): PartTest {
  return {
    literal,
    hasCaptures: false,
    matches: (text) => text === literal,
    captures: () => ({}),
    taken: (text) => (text === literal ? [] : undefined),
  };
}

function singleHole(parts: readonly Part[], hole: Hole): Taker {
  const at = parts.indexOf(hole);
  const prefix = at > 0 ? literalOf(parts[0]) : '';
  const suffix = literalOf(parts[at + 1]);
  const fixed = prefix.length + suffix.length;
  const test = holeTest(hole);
  const middle = (text: string): string | undefined =>
    text.length >= fixed && text.startsWith(prefix) && text.endsWith(suffix)
      ? text.slice(prefix.length, text.length - suffix.length)
      : undefined;
  return {
    matches(text) {
      const value = middle(text);
      return value !== undefined && test(value);
    },
    taken(text) {
      const value = middle(text);
      return value !== undefined && test(value) ? [value] : undefined;
    },
  };
}

function holeTest(hole: Hole): (text: string) => boolean {
  switch (hole.kind) {
    case 'placeholder': {
      const type = hole.type;
      return (text) => isOfType(type, text);
    }
    case 'near':
      return (text) => isNear(text, hole.value, hole.tolerance);
    case 'pattern': {
      const regex = compilePattern(hole.source);
      if (typeof regex === 'string') throw new Error(regex);
      return (text) => regex.testExact(text);
    }
    case 'use':
      throw new Error(`{{${hole.name}}} has no value: bind the expectation first`);
  }
}

function manyHoles(parts: readonly Part[], holes: readonly Hole[]): Taker {
  let source = '';
  let group = 0;
  const groups: number[] = [];
  const near: { index: number; hole: Extract<Part, { kind: 'near' }> }[] = [];
  for (const part of parts) {
    if (part.kind === 'literal') {
      source += RE2JS.quote(part.text);
      continue;
    }
    group++;
    groups.push(group);
    if (part.kind === 'pattern') {
      const own = compilePattern(part.source);
      if (typeof own === 'string') throw new Error(own);
      source += `((?:${part.source}))`;
      group += own.groupCount();
    } else if (part.kind === 'placeholder') {
      source += `(${typeSource(part.type)})`;
    } else if (part.kind === 'near') {
      near.push({ index: holes.indexOf(part), hole: part });
      source += `(${typeSource('number')})`;
    } else {
      throw new Error(`{{${part.name}}} has no value: bind the expectation first`);
    }
  }
  const regex = RE2JS.compile(source);
  if (regex.groupCount() !== group) throw new Error('a group of one pattern reaches into the next');
  const taken = (text: string): string[] | undefined => {
    const match = regex.matcher(text);
    if (!match.matches()) return undefined;
    const values = groups.map((number) => match.group(number) ?? '');
    return near.every(({ index, hole }) => isNear(values[index] ?? '', hole.value, hole.tolerance)) ? values : undefined;
  };
  return { matches: near.length === 0 ? (text) => regex.testExact(text) : (text) => taken(text) !== undefined, taken };
}

function mergeLiterals(parts: readonly Part[]): Part[] {
  const merged: Part[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (part.kind === 'literal' && last?.kind === 'literal') {
      merged[merged.length - 1] = { kind: 'literal', text: last.text + part.text };
    } else {
      merged.push(part);
    }
  }
  return merged;
}

function literalOf(part: Part | undefined): string {
  return part?.kind === 'literal' ? part.text : '';
}
