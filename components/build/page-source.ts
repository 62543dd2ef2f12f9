import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { formatProblem, type Problem } from '../../core/problem.ts';
import { extractRunbook } from '../../core/runbook/extract.ts';
import type { Runbook } from '../../core/runbook/model.ts';

/** A page as the runner reads it. */
export type PageSource = { readonly runbook: Runbook; readonly problems: readonly Problem[]; readonly lines: number };

const read = new Map<string, { readonly source: string; readonly page: PageSource }>();

/** Reads a page's runbook. What was read before is not read again while the file is the same. */
export function readPage(file: string, id: string): PageSource {
  const source = readFileSync(file, 'utf8');
  const known = read.get(file);
  if (known?.source === source) return known.page;
  const extracted = extractRunbook(source, { file: relative(process.cwd(), file), id });
  const page = { ...extracted, lines: countLines(source) };
  read.set(file, { source, page });
  return page;
}

/** Number of lines of a text. */
export function countLines(source: string): number {
  return source.split(/\r\n|\n|\r/).length;
}

/** Ends the making of a page, or of the book, with all that is wrong with it. */
export class PageProblems extends Error {
  readonly line: number | undefined;
  readonly column: number | undefined;

  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.name = 'PageProblems';
    this.line = problems[0]?.line;
    this.column = problems[0]?.column;
  }
}
