import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import { formatProblem } from '../../core/problem.ts';
import type { Runbook } from '../../core/runbook/model.ts';
import { isPartialPath } from '../../core/runbook/partial-path.ts';
import { UsageError } from './errors.ts';
import { readPageFile } from './page-file.ts';

/** Reads the page of the book with exactly this id; undefined when there is none. Throws for a page with mistakes. */
export function readPage(root: string, id: string): Runbook | undefined {
  const book = join(root, 'content', 'docs');
  if (isPartialPath(id)) return undefined;
  for (const extension of ['.mdx', '.md']) {
    const file = join(book, `${id}${extension}`);
    // An id is a path below the book as it is written: `a/../b` and `/a` are none.
    if (!file.startsWith(book + sep) || file !== `${book}${sep}${id.split('/').join(sep)}${extension}`) continue;
    if (!existsSync(file)) continue;
    const { runbook, problems } = readPageFile(file, id);
    if (problems.length > 0) throw new UsageError(problems.map(formatProblem).join('\n'));
    return runbook;
  }
  return undefined;
}
