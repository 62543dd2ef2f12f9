import type { Problem } from '../problem.ts';
import type { Part, PlaceholderType } from './model.ts';
import { compileParts } from './part-test.ts';
import { isType, nearestType, placeholderTypes, slippedType } from './placeholder-types.ts';
import { compilePattern } from './re2.ts';

/** Where a text stands in its document; `column` is that of its first character. */
export type Place = { readonly file: string; readonly line: number; readonly column: number };

/** One `{{…}}` of a text: its inner text and UTF-16 range. */
export type Braces = { readonly inner: string; readonly start: number; readonly end: number };

/** The literal texts and placeholders that a line or cell is written with; every mistake goes to `problems`. */
export function parseParts(text: string, place: Place, problems: Problem[], known?: ReadonlySet<string>): Part[] {
  const parts: Part[] = [];
  const before = problems.length;
  let literal = '';
  let at = 0;
  while (at < text.length) {
    if (text.startsWith('\\{{', at)) {
      literal += '{{';
      at += 3;
      continue;
    }
    if (!opensAt(text, at)) {
      literal += text.charAt(at++);
      continue;
    }
    const braces = bracesAt(text, at);
    const here = { ...place, column: place.column + at };
    if (braces === undefined) {
      problems.push({
        ...here,
        what: '`{{` is not closed',
        hint: 'close it with `}}` (a regular expression with `/}}`), or write `\\{{` for a literal `{{`',
      });
      return parts;
    }
    const part = parseBraces(braces.inner, here, problems, known);
    if (part !== undefined) {
      if (literal !== '') parts.push({ kind: 'literal', text: literal });
      literal = '';
      parts.push(part);
    }
    at = braces.end;
  }
  if (literal !== '') parts.push({ kind: 'literal', text: literal });
  if (problems.length === before) checkTogether(parts, place, problems);
  return parts;
}

/** Does a `{{…}}` begin here? Of three braces the last two do: the first is the brace of an array or an object around it. */
export function opensAt(text: string, at: number): boolean {
  return text.startsWith('{{', at) && text[at + 2] !== '{';
}

/** The `{{…}}` that begins at `start`; undefined when it is not closed. A regular expression ends with `/}}`. */
export function bracesAt(text: string, start: number): Braces | undefined {
  if (!opensAt(text, start)) return undefined;
  const regex = /^\{\{\s*(?:[A-Za-z_][\w-]*\s*:\s*)?\//.exec(text.slice(start, start + 120));
  if (regex === null) {
    const end = text.indexOf('}}', start + 2);
    return end < 0 ? undefined : { inner: text.slice(start + 2, end), start, end: end + 2 };
  }
  for (let at = start + regex[0].length; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text.startsWith('/}}', at)) return { inner: text.slice(start + 2, at + 1), start, end: at + 3 };
  }
  return undefined;
}

/** Literal text as it has to be written in an expectation; what a document cannot hold becomes an exact pattern. */
export function escapeLiteral(text: string): string {
  return text.replaceAll('{{', '\\{{').replace(unwritable, (unit) => `{{/\\x{${unit.charCodeAt(0).toString(16)}}/}}`);
}

// Control characters and the lone surrogates that stand for invalid bytes.
const unwritable = /[\0-\x08\n-\x1f\x7f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function parseBraces(
  inner: string,
  place: Place,
  problems: Problem[],
  known: ReadonlySet<string> | undefined,
): Part | undefined {
  const problem = (what: string, hint: string): undefined => {
    problems.push({ ...place, what, hint });
  };
  const named = /^\s*([A-Za-z_][\w-]*)\s*:\s*(.*)$/s.exec(inner);
  const capture = named?.[1];
  const body = (named?.[2] ?? inner).trim();
  const withCapture = capture === undefined ? {} : { capture };
  if (capture !== undefined && isType(capture) && !mayName(capture, body)) {
    return problem(`\`${capture}\` is a type and cannot name a capture`, 'choose another name before the colon');
  }
  if (body.startsWith('/')) {
    const source = body.slice(1, -1);
    const regex = compilePattern(source);
    if (typeof regex === 'string')
      return problem(`bad regular expression: ${regex}`, 'RE2 syntax: no lookaround, no backreferences');
    return { kind: 'pattern', source, ...withCapture };
  }
  if (body === '*') return { kind: 'placeholder', type: 'any', ...withCapture };
  if (isType(body)) return { kind: 'placeholder', type: body, ...withCapture };
  if (/±|\+-|\+\/-/.test(body)) return parseNear(body, capture, problem);
  if (body === '?' || body === '+' || body === '0+') {
    return problem(
      `the quantifier \`{{${body}}}\` stands in the wrong place`,
      'a quantifier belongs at the end of a text line, once',
    );
  }
  const types = `{{${placeholderTypes.join('}} {{')}}} {{*}}`;
  if (capture !== undefined) {
    const nearest = nearestType(body);
    const hint = nearest === undefined ? `types are ${types}` : `did you mean \`{{${capture}:${nearest}}}\`?`;
    return problem(`unknown type \`${body}\``, hint);
  }
  if (!/^[A-Za-z_][\w-]*$/.test(body)) {
    return problem(
      `\`{{${inner}}}\` is no placeholder`,
      `use one of ${types}, a name, or \`\\{{\` for a literal \`{{\``,
    );
  }
  const slip = known === undefined ? slippedType(body) : known.has(body) ? undefined : (nearestType(body) ?? '');
  if (slip !== undefined) {
    return problem(
      slip === '' ? `nothing captures or declares \`${body}\`` : `unknown placeholder \`${body}\``,
      slip === '' ? `types are ${types}` : `did you mean \`{{${slip}}}\`?`,
    );
  }
  return { kind: 'use', name: body };
}

function parseNear(
  body: string,
  capture: string | undefined,
  problem: (what: string, hint: string) => undefined,
): Part | undefined {
  const shape = /^([+-]?(?:\d+(?:\.\d+)?|\.\d+))\s*(?:±|\+-|\+\/-)\s*(\d+(?:\.\d+)?|\.\d+)\s*(%?)$/.exec(body);
  if (shape === null)
    return problem(`\`{{${body}}}\` is no number with a tolerance`, 'write it as `{{1000±5}}` or `{{0.3±10%}}`');
  const digits = (shape[1] ?? '').replace(/[^\d]/g, '').replace(/^0+/, '');
  if (digits.length > 15)
    return problem(
      'a number with a tolerance has at most 15 digits',
      'write the leading digits, or the number literally',
    );
  const [, value = '', amount = '', percent = ''] = shape;
  if (Number(amount) === 0 || (percent === '%' && Number(value) === 0))
    return problem('a tolerance of 0 allows nothing but the number', 'write the number literally, without braces');
  const tolerance = amount + percent;
  return { kind: 'near', value, tolerance, ...(capture === undefined ? {} : { capture }) };
}

function checkTogether(parts: readonly Part[], place: Place, problems: Problem[]): void {
  if (!parts.some((part) => part.kind === 'pattern') || parts.filter((part) => part.kind !== 'literal').length < 2)
    return;
  try {
    compileParts(parts.map((part) => (part.kind === 'use' ? { kind: 'literal', text: 'x' } : part)));
  } catch (error) {
    const what = `the placeholders of this line do not work together: ${error instanceof Error ? error.message : String(error)}`;
    problems.push({
      ...place,
      what,
      hint: 'simplify the regular expressions; group names may come only once in a line',
    });
  }
}

/** A capture may be called like its own type, and a number like any type of numbers; another type's name would mislead. */
function mayName(type: PlaceholderType, body: string): boolean {
  const numbers = ['pid', 'int', 'number'];
  return body === type || (numbers.includes(type) && numbers.includes(body));
}
