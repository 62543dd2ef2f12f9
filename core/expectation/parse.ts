import type { Problem } from '../problem.ts';
import type { Expectation } from './model.ts';
import { parseJsonExpectation } from './parse-json.ts';
import { parseLines } from './parse-lines.ts';
import type { ParseOptions } from './parse-options.ts';
import { parseTable } from './parse-table.ts';
import { trimLineEnd } from './whitespace.ts';

export type { ParseOptions } from './parse-options.ts';

/** The body of an `expect` fence as an expectation, or everything that is wrong with it. */
export function parseExpectation(
  text: string,
  options: ParseOptions,
): { readonly expectation: Expectation } | { readonly problems: Problem[] } {
  const problems: Problem[] = [];
  const lines = bodyLines(text);
  const expectation = parsers[options.form](lines, options, problems);
  if (problems.length > 0 || expectation === undefined) return { problems };
  return { expectation };
}

/** The lines of a fence's body; blank lines at its end do not count. */
export function bodyLines(text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/);
  while (lines.length > 0 && trimLineEnd(lines.at(-1) ?? '') === '') lines.pop();
  return lines;
}

const parsers = { text: parseLines, table: parseTable, json: parseJsonExpectation };
