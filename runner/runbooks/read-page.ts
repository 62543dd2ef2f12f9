import { existsSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { formatProblem } from '../../core/problem.ts';
import { extractRunbook } from '../../core/runbook/extract.ts';
import type { Runbook } from '../../core/runbook/model.ts';
import { UsageError } from './errors.ts';

/** Reads the page of the book with exactly this id; undefined when there is none. Throws for a page with mistakes. */
export function readPage(root: string, id: string): Runbook | undefined {
  const book = join(root, 'content', 'docs');
  for (const extension of ['.mdx', '.md']) {
    const file = join(book, `${id}${extension}`);
    // An id is a path below the book as it is written: `a/../b` and `/a` are none.
    if (!file.startsWith(book + sep) || file !== `${book}${sep}${id.split('/').join(sep)}${extension}`) continue;
    if (!existsSync(file)) continue;
    const shown = relative(process.cwd(), file) || file;
    const { runbook, problems } = extractRunbook(readFileSync(file, 'utf8'), { file: shown, id });
    if (problems.length > 0) throw new UsageError(problems.map(formatProblem).join('\n'));
    return runbook;
  }
  return undefined;
}
