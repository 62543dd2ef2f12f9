import { setValue } from '../by-name.ts';
import type { Part } from './model.ts';
import { nativeSource } from './native-source.ts';
import { isNear } from './near.ts';
import { isOfType, typeSource } from './placeholder-types.ts';
import { compiled, compilePattern, quote } from './re2.ts';

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
        if (name !== undefined) setValue(captures, name, value);
      });
      return captures;
    },
  };
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
      return (text) => compiled(hole.source).testExact(text);
    }
    case 'use':
      throw new Error(`{{${hole.name}}} has no value: bind the expectation first`);
  }
}

function manyHoles(parts: readonly Part[], holes: readonly Hole[]): Taker {
  const near = holes.flatMap((hole, index) => (hole.kind === 'near' ? [{ index, hole }] : []));
  const { matches, groups } = nativeEngine(parts) ?? re2Engine(parts);
  if (near.length === 0) return { matches, taken: groups };
  const divided = dividedAtNumbers(parts);
  const taken = (text: string): string[] | undefined => {
    const values = groups(text);
    if (values === undefined) return undefined;
    const fits = near.every(({ index, hole }) => isNear(values[index] ?? '', hole.value, hole.tolerance));
    // The engine takes any number; where a neighbour can give and take, another division may be the right one.
    return fits ? values : divided(text);
  };
  return { matches: (text) => taken(text) !== undefined, taken };
}

/** Finds the text of every hole; numbers with a tolerance are numbers to it. */
type Engine = { matches(text: string): boolean; groups(text: string): string[] | undefined };

function nativeEngine(parts: readonly Part[]): Engine | undefined {
  const source = nativeSource(parts);
  if (source === undefined) return undefined;
  const regex = new RegExp(source);
  return { matches: (text) => regex.test(text), groups: (text) => regex.exec(text)?.slice(1) };
}

function re2Engine(parts: readonly Part[]): Engine {
  let source = '';
  let group = 0;
  const groups: number[] = [];
  for (const part of parts) {
    if (part.kind === 'literal') {
      source += quote(part.text);
      continue;
    }
    group++;
    groups.push(group);
    if (part.kind === 'use') throw new Error(`{{${part.name}}} has no value: bind the expectation first`);
    if (part.kind === 'pattern') {
      const own = compilePattern(part.source);
      if (typeof own === 'string') throw new Error(own);
      source += `((?:${part.source}))`;
      group += own.groupCount();
    } else source += `(${typeSource(part.kind === 'near' ? 'number' : part.type)})`;
  }
  // Only patterns of the author's can fail to go together.
  const authored = parts.some((part) => part.kind === 'pattern');
  if (authored && compiled(source).groupCount() !== group)
    throw new Error('a group of one pattern reaches into the next');
  return {
    matches: (text) => compiled(source).testExact(text),
    groups(text) {
      const match = compiled(source).matcher(text);
      return match.matches() ? groups.map((number) => match.group(number) ?? '') : undefined;
    },
  };
}

/** Most characters of a line, and most pieces of it, that are tried for other divisions. */
const mostDivided = 2000;
const mostTried = 20_000;

/** Looks for numbers near enough between which everything else fits, the first ones first and each as long as it can be. */
function dividedAtNumbers(parts: readonly Part[]): (text: string) => string[] | undefined {
  const numbers: Extract<Part, { kind: 'near' }>[] = [];
  const between: Part[][] = [[]];
  for (const part of parts) {
    if (part.kind === 'near') {
      numbers.push(part);
      between.push([]);
    } else between.at(-1)?.push(part);
  }
  let tests: readonly PartTest[] | undefined;
  return (text) => {
    if (text.length > mostDivided) return undefined;
    tests ??= between.map(compileParts);
    const spans = numbers.map((number) => nearSpans(text, number));
    const dead = new Set<string>();
    let tried = 0;
    const divide = (index: number, from: number): string[] | undefined => {
      const test = tests?.[index];
      if (test === undefined || dead.has(`${index} ${from}`)) return undefined;
      if (index === numbers.length) return test.taken(text.slice(from));
      for (const [start, end] of spans[index] ?? []) {
        if (start < from) continue;
        if (++tried > mostTried) return undefined;
        const before = test.taken(text.slice(from, start));
        const after = before && divide(index + 1, end);
        if (before !== undefined && after !== undefined) return [...before, text.slice(start, end), ...after];
      }
      dead.add(`${index} ${from}`);
      return undefined;
    };
    return divide(0, 0);
  };
}

function nearSpans(text: string, { value, tolerance }: Extract<Part, { kind: 'near' }>): (readonly [number, number])[] {
  const spans: (readonly [number, number])[] = [];
  for (const { index: from, 0: run } of text.matchAll(/[0-9.eE+-]+/g)) {
    for (let start = 0; start < run.length; start++) {
      for (let end = Math.min(run.length, start + 40); end > start; end--) {
        if (isNear(run.slice(start, end), value, tolerance)) spans.push([from + start, from + end]);
      }
    }
  }
  return spans;
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
