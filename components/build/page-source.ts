import { readFileSync, statSync } from 'node:fs';
import { relative } from 'node:path';
import { formatProblem, type Problem } from '../../core/problem.ts';
import { extractRunbook } from '../../core/runbook/extract.ts';
import type { Runbook } from '../../core/runbook/model.ts';

/** A page as the runner reads it; `partials` are the other files that it was read with, whether they are there or not. */
export type PageSource = {
  readonly runbook: Runbook;
  readonly problems: readonly Problem[];
  readonly partials: readonly string[];
};

type Known = { readonly sources: ReadonlyMap<string, Buffer | undefined>; readonly page: PageSource };

const known = new Map<string, Known>();

/** Reads a page's runbook. What was read before is not read again while its files are the same. */
export function readPage(file: string, id: string): PageSource {
  const before = known.get(file);
  if (before && [...before.sources].every(([path, source]) => isSame(readIfThere(path), source))) return before.page;
  const source = readFileSync(file);
  const page = extractRunbook(source, { file: relative(process.cwd(), file), id, read: readIfThere });
  const partials = page.partials.map((path) => [path, readIfThere(path)] as const);
  known.set(file, { sources: new Map([[file, source], ...partials]), page });
  return page;
}

function readIfThere(path: string): Buffer | undefined {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path) : undefined;
}

function isSame(now: Buffer | undefined, before: Buffer | undefined): boolean {
  return now === undefined || before === undefined ? now === before : now.equals(before);
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
