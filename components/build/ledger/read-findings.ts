import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Finding } from '../../../core/finding/model.ts';
import { parseFindings } from '../../../core/finding/parse.ts';
import { book } from '../book.ts';
import { PageProblems } from '../page-source.ts';

const file = join(book, 'content', 'findings.yaml');

/** Whether the book has findings, and so a page about them. */
export function hasFindings(): boolean {
  return existsSync(file);
}

/** The book's findings. Throws `PageProblems` with all that is wrong with their file. */
export function readFindings(): readonly Finding[] {
  const { findings, problems } = parseFindings(readFileSync(file), relative(process.cwd(), file));
  if (problems.length > 0) throw new PageProblems(problems);
  return findings;
}
