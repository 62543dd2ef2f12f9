import type { Problem } from '../problem.ts';
import { checkCaptureNames, type PlacedParts } from './capture-names.ts';
import { checkCritical } from './critical.ts';
import { type JsonNode, readJson } from './json-read.ts';
import type { Expectation } from './model.ts';
import type { ParseOptions } from './parse-options.ts';
import type { Place } from './parts.ts';

/** The lines of a JSON expectation; every mistake goes to `problems`. */
export function parseJsonExpectation(
  lines: readonly string[],
  options: ParseOptions,
  problems: Problem[],
): Expectation | undefined {
  const source = lines.join('\n');
  const placeOf = (offset: number): Place => {
    const before = source.slice(0, offset).split('\n');
    const column = (before.at(-1) ?? '').length + 1 + (options.indent ?? 0);
    return { file: options.file, line: options.firstLine + before.length - 1, column };
  };
  const read = readJson(source, {
    problems,
    placeOf,
    ...(options.known === undefined ? {} : { known: options.known }),
  });
  if ('error' in read) {
    problems.push({ ...placeOf(read.error.offset), what: read.error.what, hint: read.error.hint });
    return undefined;
  }
  const placed: PlacedParts[] = [];
  const visit = (node: JsonNode, key: string): void => {
    if (node.kind === 'object') for (const [name, child] of node.entries) visit(child, name);
    else if (node.kind === 'array') for (const child of node.items) visit(child, key);
    else if (node.kind === 'string') {
      const place = placeOf(node.start);
      placed.push({ parts: node.parts, place });
      checkCritical(key, node.parts, place, problems);
    }
  };
  visit(read.root, '');
  checkCaptureNames(placed, problems);
  return { kind: 'json', source, line: options.firstLine, order: options.order };
}
