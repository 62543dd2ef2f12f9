import { valueNamed } from '../by-name.ts';
import type { Problem } from '../problem.ts';
import type { Part } from './model.ts';
import { escapeLine } from './parse-lines.ts';
import { compileParts } from './part-test.ts';
import { escapeLiteral, parseParts } from './parts.ts';
import { trimLineEnd } from './whitespace.ts';

/** An output line as an expected line, with placeholders for times, LSNs, process ids, addresses and durations. */
export function suggestPlaceholders(line: string): string {
  const plain = escapeLine(line);
  const suggested = suggestWithin(trimLineEnd(line));
  if (suggested === escapeLiteral(trimLineEnd(line))) return plain;
  return partsFit(suggested, line, {}) ? suggested : plain;
}

/** The same for a piece of a line; what is not volatile is escaped. */
export function suggestWithin(text: string): string {
  let done = 0;
  let result = '';
  for (const found of text.matchAll(volatile)) {
    const groups = found.groups ?? {};
    const type = Object.keys(groups).find((name) => groups[name] !== undefined);
    const value = type === undefined ? '' : (groups[type] ?? '');
    const start = found.index + found[0].indexOf(value);
    result += `${escapeLiteral(text.slice(done, start))}{{${type}}}`;
    done = start + value.length;
  }
  return result + escapeLiteral(text.slice(done));
}

/** Does a line as written, with these values for its names, stand for the output line? */
export function partsFit(written: string, line: string, values: Readonly<Record<string, string>>): boolean {
  const problems: Problem[] = [];
  const parts = parseParts(written, { file: '', line: 1, column: 1 }, problems);
  if (problems.length > 0) return false;
  const bound = parts.map(
    (part): Part => (part.kind === 'use' ? { kind: 'literal', text: valueNamed(values, part.name) ?? '{{' } : part),
  );
  return compileParts(bound).matches(trimLineEnd(line));
}

// A zone abbreviation only where it is one for sure: `2026-11-23 01:10:15 LOG:` has none.
const time =
  '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?| (?:UTC|GMT|[A-Z]{1,3}ST|[A-Z]{1,3}DT|CET|EET|WET|MSK|IST))?';
const number = '[0-9]+(?:\\.[0-9]+)?';
const volatile = new RegExp(
  [
    `(?<![\\w.])(?<timestamp>${time})(?![\\w.])`,
    '(?<![\\w/.])(?<lsn>[0-9A-F]{1,8}/[0-9A-F]{5,8})(?![\\w/.])',
    '\\[(?<pid>[1-9][0-9]{0,9})\\]',
    `(?<![\\w.])(?<ip>(?:[0-9]{1,3}\\.){3}[0-9]{1,3})(?![\\w.])`,
    `(?<![\\w.:])(?<duration>${number} (?:ms \\((?:[0-9]+ d )?[0-9]{2}:[0-9:]*[0-9]{2}[.,][0-9]{3}\\)|(?:ms|msec|sec|seconds|minutes|s|min)(?![\\w.:]))|[0-9]{2}:[0-5][0-9]:[0-5][0-9]\\.[0-9]+)(?![\\w.:])`,
  ].join('|'),
  'g',
);
