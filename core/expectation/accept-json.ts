import { bindExpectation } from './bind.ts';
import { type JsonNode, readJson } from './json-read.ts';
import { createMatcher } from './matcher.ts';
import type { Expectation } from './model.ts';

type JsonExpectation = Extract<Expectation, { kind: 'json' }>;
type Source = { readonly output: readonly string[]; readonly values: Readonly<Record<string, string>> };

/** The expected JSON with what differs taken from the output; only keys that the author named. */
export function* acceptJson(expectation: JsonExpectation, source: Source): Generator<string[]> {
  const output = source.output.join('\n');
  const actual = readJson(output);
  if ('error' in actual) return;
  const expected = readJson(expectation.source, { problems: [], placeOf: () => ({ file: '', line: 1, column: 1 }) });
  if ('root' in expected) yield merge(expected.root, actual.root, '').split('\n');
  yield print(actual.root, '').split('\n');

  function merge(e: JsonNode, a: JsonNode, indent: string): string {
    const written = expectation.source.slice(e.start, e.end);
    if (fits(written, output.slice(a.start, a.end))) return written;
    const deeper = `${indent}  `;
    if (e.kind === 'object' && a.kind === 'object') {
      const named = [...e.entries].flatMap(([key, child]) => {
        const found = a.entries.get(key);
        return found === undefined ? [] : [`${keyText(key)}: ${merge(child, found, deeper)}`];
      });
      return wrap('{', named, '}', indent);
    }
    if (e.kind === 'array' && a.kind === 'array' && expectation.order === 'exact') {
      const items = a.items.map((item, i) => {
        const old = e.items[i];
        return old === undefined ? print(item, deeper) : merge(old, item, deeper);
      });
      return wrap('[', items, ']', indent);
    }
    return print(a, indent);
  }

  function fits(written: string, found: string): boolean {
    const bound = bindExpectation({ ...expectation, source: written }, source.values);
    if ('unresolved' in bound) return false;
    const matcher = createMatcher(bound.expectation);
    matcher.push([found]);
    return matcher.end().passed;
  }

  function print(node: JsonNode, indent: string): string {
    const deeper = `${indent}  `;
    if (node.kind === 'object') {
      return wrap(
        '{',
        [...node.entries].map(([key, child]) => `${keyText(key)}: ${print(child, deeper)}`),
        '}',
        indent,
      );
    }
    if (node.kind === 'array')
      return wrap(
        '[',
        node.items.map((item) => print(item, deeper)),
        ']',
        indent,
      );
    return output.slice(node.start, node.end).replaceAll('{{', '\\{{');
  }
}

function wrap(open: string, pieces: readonly string[], close: string, indent: string): string {
  if (pieces.length === 0) return open + close;
  return `${open}\n${pieces.map((piece) => `${indent}  ${piece}`).join(',\n')}\n${indent}${close}`;
}

function keyText(key: string): string {
  return JSON.stringify(key).replaceAll('{{', '\\{{');
}
