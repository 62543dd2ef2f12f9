import type { Problem } from '../problem.ts';
import type { Part } from './model.ts';
import { bracesAt, opensAt, type Place, parseParts } from './parts.ts';

/** A JSON value with its UTF-16 range in the source. Numbers keep their digits, so that none is rounded. */
export type JsonNode = { readonly start: number; readonly end: number } & (
  | { readonly kind: 'object'; readonly entries: ReadonlyMap<string, JsonNode> }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'string'; readonly parts: readonly Part[] }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'word'; readonly text: 'true' | 'false' | 'null' }
);

/** Why a text is no JSON, and at which UTF-16 offset. */
export type JsonError = { readonly offset: number; readonly what: string; readonly hint: string };

/**
 * Reads exactly one JSON value (RFC 8259; a key may come only once). With `placeholders`, strings may contain them and a
 * bare one stands for a whole value; a bare placeholder is a string of that one part.
 */
export function readJson(
  source: string,
  placeholders?: { readonly known?: ReadonlySet<string>; readonly problems: Problem[]; placeOf(offset: number): Place },
): { readonly root: JsonNode } | { readonly error: JsonError } {
  let at = 0;
  try {
    const root = readValue(0);
    skipSpace();
    if (at < source.length)
      fail(at, 'something follows the JSON value', 'the output has to be one JSON value and nothing else');
    return { root };
  } catch (error) {
    if (error instanceof Failure) return { error: { offset: error.offset, what: error.message, hint: error.hint } };
    throw error;
  }

  function readValue(depth: number): JsonNode {
    skipSpace();
    const start = at;
    if (depth > 500) fail(at, 'nested more than 500 levels deep', 'compare a smaller part');
    const c = source[at];
    if (placeholders !== undefined && opensAt(source, at)) {
      const braces = bracesAt(source, at);
      if (braces === undefined) fail(at, '`{{` is not closed', 'close it with `}}`');
      at = braces.end;
      return { kind: 'string', parts: partsOf(braces.start, braces.end), start, end: at };
    }
    if (c === '{') return readObject(start, depth);
    if (c === '[') return readArray(start, depth);
    if (c === '"') {
      const parts = readString();
      return { kind: 'string', parts, start, end: at };
    }
    const number = match(/-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
    if (number !== undefined) return { kind: 'number', text: number, start, end: at };
    const word = match(/true|false|null/y);
    if (word === 'true' || word === 'false' || word === 'null') return { kind: 'word', text: word, start, end: at };
    fail(
      at,
      c === undefined ? 'the JSON ends too early' : `unexpected ${JSON.stringify(c)} in JSON`,
      'a value belongs here',
    );
  }

  function readObject(start: number, depth: number): JsonNode {
    const entries = new Map<string, JsonNode>();
    at++;
    skipSpace();
    if (source[at] !== '}') {
      do {
        skipSpace();
        const keyAt = at;
        if (source[at] !== '"') fail(at, 'a key in double quotes belongs here', 'write `"key": value`');
        const key = literalText(readString(), keyAt);
        if (entries.has(key)) fail(keyAt, `the key ${JSON.stringify(key)} comes twice`, 'keep one of them');
        skipSpace();
        if (source[at] !== ':') fail(at, 'a `:` belongs here', 'write `"key": value`');
        at++;
        entries.set(key, readValue(depth + 1));
        skipSpace();
      } while (source[at++] === ',');
      at--;
    }
    if (source[at] !== '}') fail(at, 'the object is not closed', 'a `,` or `}` belongs here');
    at++;
    return { kind: 'object', entries, start, end: at };
  }

  function readArray(start: number, depth: number): JsonNode {
    const items: JsonNode[] = [];
    at++;
    skipSpace();
    if (source[at] !== ']') {
      do {
        items.push(readValue(depth + 1));
        skipSpace();
      } while (source[at++] === ',');
      at--;
    }
    if (source[at] !== ']') fail(at, 'the array is not closed', 'a `,` or `]` belongs here');
    at++;
    return { kind: 'array', items, start, end: at };
  }

  function readString(): Part[] {
    const start = at++;
    const parts: Part[] = [];
    let literal = '';
    for (;;) {
      const c = source[at];
      if (c === undefined) fail(start, 'the string is not closed', 'a `"` belongs at its end');
      if (c === '"') break;
      if (placeholders !== undefined && source.startsWith('\\{{', at)) {
        literal += '{{';
        at += 3;
      } else if (placeholders !== undefined && opensAt(source, at)) {
        const braces = bracesAt(source, at);
        if (braces === undefined) fail(at, '`{{` is not closed', 'close it with `}}`, or write `\\{{`');
        if (literal !== '') parts.push({ kind: 'literal', text: literal });
        literal = '';
        parts.push(...partsOf(braces.start, braces.end));
        at = braces.end;
      } else if (c === '\\') {
        const escaped = match(/\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y);
        if (escaped === undefined)
          fail(at, 'unknown escape in a JSON string', 'JSON knows \\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX');
        literal += JSON.parse(`"${escaped}"`) as string;
      } else {
        // A page may have a tab as it is; in an output it would be no JSON.
        if (c < ' ' && !(c === '\t' && placeholders !== undefined))
          fail(at, 'a control character in a JSON string', 'write it as an escape');
        literal += c;
        at++;
      }
    }
    at++;
    if (literal !== '') parts.push({ kind: 'literal', text: literal });
    return parts;
  }

  function partsOf(start: number, end: number): Part[] {
    if (placeholders === undefined) return [];
    return parseParts(source.slice(start, end), placeholders.placeOf(start), placeholders.problems, placeholders.known);
  }

  function skipSpace(): void {
    match(/[ \t\r\n]+/y);
  }

  function match(regex: RegExp): string | undefined {
    regex.lastIndex = at;
    const found = regex.exec(source)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  }
}

/** The text of a string node without placeholders. */
export function textOf(parts: readonly Part[]): string {
  return parts.map((part) => (part.kind === 'literal' ? part.text : '')).join('');
}

class Failure extends Error {
  readonly offset: number;
  readonly hint: string;
  constructor(offset: number, what: string, hint: string) {
    super(what);
    this.offset = offset;
    this.hint = hint;
  }
}

function fail(offset: number, what: string, hint: string): never {
  throw new Failure(offset, what, hint);
}

function literalText(parts: readonly Part[], offset: number): string {
  if (parts.some((part) => part.kind !== 'literal'))
    fail(offset, 'a placeholder in a key', 'placeholders belong in values only');
  return textOf(parts);
}
