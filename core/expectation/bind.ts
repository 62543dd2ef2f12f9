import { RE2JS } from 're2js';
import type { Expectation, ExpectedCell, Part } from './model.ts';
import { type Braces, bracesAt, opensAt } from './parts.ts';

import { isType } from './placeholder-types.ts';

/** Replaces every `{{name}}` by its value, literally; `unresolved` are the names without one. */
export function bindExpectation(
  expectation: Expectation,
  values: Readonly<Record<string, string>>,
): { readonly expectation: Expectation } | { readonly unresolved: string[] } {
  const unresolved = usedNames(expectation).filter((name) => !Object.hasOwn(values, name));
  if (unresolved.length > 0) return { unresolved };
  const bind = (parts: readonly Part[]): Part[] =>
    parts.map((part) => (part.kind === 'use' ? { kind: 'literal', text: values[part.name] ?? '' } : part));
  switch (expectation.kind) {
    case 'text': {
      const lines = expectation.lines.map((line) =>
        line.rule.kind === 'line' ? { ...line, rule: { kind: 'line' as const, parts: bind(line.rule.parts) } } : line,
      );
      return { expectation: { ...expectation, lines } };
    }
    case 'table': {
      const bindCells = (cells: readonly ExpectedCell[]): ExpectedCell[] =>
        cells.map((cell) => ({ ...cell, parts: bind(cell.parts) }));
      const { above, below } = expectation;
      return {
        expectation: {
          ...expectation,
          rows: expectation.rows.map((row) => ({ ...row, cells: bindCells(row.cells) })),
          ...(above === undefined ? {} : { above: bindCells(above) }),
          ...(below === undefined ? {} : { below: bindCells(below) }),
        },
      };
    }
    case 'json':
      return { expectation: { ...expectation, source: bindJson(expectation.source, values) } };
  }
}

/** Names that the expectation uses but does not capture, each once. */
export function usedNames(expectation: Expectation): string[] {
  const names = new Set<string>();
  if (expectation.kind === 'json') {
    for (const { inner } of jsonBraces(expectation.source)) {
      if (isName(inner.trim())) names.add(inner.trim());
    }
    return [...names];
  }
  for (const part of allParts(expectation)) if (part.kind === 'use') names.add(part.name);
  return [...names];
}

/** Names that the expectation captures. */
export function capturedNames(expectation: Expectation): string[] {
  if (expectation.kind === 'json') {
    return [...jsonBraces(expectation.source)].flatMap(
      ({ inner }) => /^\s*([A-Za-z_][\w-]*)\s*:/.exec(inner)?.[1] ?? [],
    );
  }
  return [...allParts(expectation)].flatMap((part) =>
    part.kind === 'literal' || part.kind === 'use' || part.capture === undefined ? [] : [part.capture],
  );
}

/** Types that the placeholders of an expectation name, without those that only capture. */
export function usedTypes(expectation: Expectation): string[] {
  if (expectation.kind === 'json') {
    return [...jsonBraces(expectation.source)].flatMap(({ inner }) => (isType(inner.trim()) ? [inner.trim()] : []));
  }
  return [...allParts(expectation)].flatMap((part) =>
    part.kind === 'placeholder' && part.capture === undefined ? [part.type] : [],
  );
}

function* allParts(expectation: Exclude<Expectation, { kind: 'json' }>): Generator<Part> {
  if (expectation.kind === 'text') {
    for (const { rule } of expectation.lines) if (rule.kind === 'line') yield* rule.parts;
  } else {
    for (const row of expectation.rows) for (const cell of row.cells) yield* cell.parts;
    for (const { parts } of [...(expectation.above ?? []), ...(expectation.below ?? [])]) yield* parts;
  }
}

/** The placeholders of a JSON source. `{{` begins one everywhere but behind a backslash inside a string. */
function* jsonBraces(source: string): Generator<Braces> {
  for (let at = 0; at < source.length; at++) {
    if (source[at] === '\\') at += source.startsWith('{{', at + 1) ? 2 : 1;
    else if (opensAt(source, at)) {
      const braces = bracesAt(source, at);
      if (braces === undefined) return;
      yield braces;
      at = braces.end - 1;
    }
  }
}

function bindJson(source: string, values: Readonly<Record<string, string>>): string {
  let bound = '';
  let done = 0;
  for (const { inner, start, end } of jsonBraces(source)) {
    const name = inner.trim();
    if (!isName(name)) continue;
    const value = values[name] ?? '';
    const inString = insideString(source, start);
    const alone = !inString || (source[start - 1] === '"' && source[end] === '"');
    // A string that is one placeholder also stands for a number, which a plain string would not.
    const pattern = `{{/${RE2JS.quote(value).replaceAll('/', '\\/')}/}}`;
    bound +=
      source.slice(done, start) + (alone ? pattern : JSON.stringify(value).slice(1, -1).replaceAll('{{', '\\{{'));
    done = end;
  }
  return bound + source.slice(done);
}

function insideString(source: string, offset: number): boolean {
  let inside = false;
  for (let at = 0; at < offset; at++) {
    if (opensAt(source, at) && (!inside || source[at - 1] !== '\\')) at = (bracesAt(source, at)?.end ?? at + 2) - 1;
    else if (inside && source[at] === '\\' && !source.startsWith('{{', at + 1)) at++;
    else if (source[at] === '"') inside = !inside;
  }
  return inside;
}

function isName(text: string): boolean {
  return /^[A-Za-z_][\w-]*$/.test(text) && !isType(text);
}
