import { RE2JS } from 're2js';
import { valueNamed } from '../by-name.ts';
import type { Part } from './model.ts';
import { bracesAt } from './parts.ts';
import { typeSource } from './placeholder-types.ts';
import { partsFit, suggestPlaceholders, suggestWithin } from './suggest.ts';
import { trimLineEnd } from './whitespace.ts';

/**
 * The new output line in the manner of the old expected one: placeholders of the old line stay where a value of their kind
 * stands next to the same text, other volatile text gets new placeholders.
 */
export function normaliseToward(
  old: { readonly text: string; readonly parts: readonly Part[] },
  actual: string,
  values: Readonly<Record<string, string>>,
): string {
  const line = trimLineEnd(actual);
  const written = writtenHoles(old.text);
  const holes = old.parts.flatMap((part, i) => (part.kind === 'literal' ? [] : [{ part, i }]));
  if (written.length !== holes.length) return suggestPlaceholders(line);
  let result = '';
  let done = 0;
  holes.forEach(({ part, i }, n) => {
    const place = findHole(part, literal(old.parts[i - 1]), literal(old.parts[i + 1]), line, done, values);
    if (place === undefined) return;
    result += suggestWithin(line.slice(done, place.start)) + (written[n] ?? '');
    done = place.end;
  });
  result += suggestWithin(line.slice(done));
  return partsFit(result, line, values) ? result : suggestPlaceholders(line);
}

type Span = { readonly start: number; readonly end: number };

function findHole(
  part: Part,
  before: string,
  after: string,
  line: string,
  from: number,
  values: Readonly<Record<string, string>>,
): Span | undefined {
  let best: (Span & { score: number }) | undefined;
  for (const span of candidates(part, before, after, line, from, values)) {
    const score = commonSuffix(line.slice(0, span.start), before) + commonPrefix(line.slice(span.end), after);
    const loose = part.kind === 'placeholder' && (part.type === 'any' || part.type === 'word');
    const alone = before.trim() === '' && after.trim() === '' && !loose;
    if ((score > (loose ? 2 : 0) || alone) && (best === undefined || score > best.score)) best = { ...span, score };
  }
  return best;
}

function* candidates(
  part: Part,
  before: string,
  after: string,
  line: string,
  from: number,
  values: Readonly<Record<string, string>>,
): Generator<Span> {
  if (part.kind === 'placeholder' && part.type === 'any') {
    const lead = /\S+\s*$/.exec(before)?.[0] ?? '';
    const start = lead === '' ? from : line.indexOf(lead, from) + lead.length;
    const follow = /^\s*\S+/.exec(after)?.[0] ?? '';
    const end = follow === '' ? line.length : line.indexOf(follow, start);
    if (start >= from + lead.length && end >= start) yield { start, end };
    return;
  }
  const source = sourceOf(part, values);
  if (source === undefined) return;
  const matcher = RE2JS.compile(source).matcher(line);
  for (let at = from; at <= line.length && matcher.find(at); at = Math.max(matcher.end(), at + 1)) {
    const span = { start: matcher.start(), end: matcher.end() };
    // Half a word or half a number is no value.
    if (span.end > span.start && isEdge(line, span.start) && isEdge(line, span.end)) yield span;
  }
}

function sourceOf(part: Part, values: Readonly<Record<string, string>>): string | undefined {
  switch (part.kind) {
    case 'placeholder':
      return typeSource(part.type);
    case 'pattern':
      return `(?:${part.source})`;
    case 'near':
      return typeSource('number');
    case 'use': {
      const value = valueNamed(values, part.name);
      return value === undefined || value === '' ? undefined : RE2JS.quote(value);
    }
    case 'literal':
      return undefined;
  }
}

function isEdge(line: string, at: number): boolean {
  return !(/\w/.test(line.charAt(at - 1)) && /\w/.test(line.charAt(at)));
}

function writtenHoles(text: string): string[] {
  const holes: string[] = [];
  for (let at = 0; at < text.length; ) {
    const braces = bracesAt(text, at);
    if (braces !== undefined && !/^(?:\?|\+|0\+)$/.test(braces.inner)) holes.push(text.slice(at, braces.end));
    at = braces?.end ?? at + (text.startsWith('\\{{', at) ? 3 : 1);
  }
  return holes;
}

function literal(part: Part | undefined): string {
  return part?.kind === 'literal' ? part.text : '';
}

function commonSuffix(a: string, b: string): number {
  let n = 0;
  while (n < a.length && n < b.length && a[a.length - 1 - n] === b[b.length - 1 - n]) n++;
  return n;
}

function commonPrefix(a: string, b: string): number {
  let n = 0;
  while (n < a.length && n < b.length && a[n] === b[n]) n++;
  return n;
}
