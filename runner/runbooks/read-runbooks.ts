import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join, relative, resolve, sep } from 'node:path';
import { formatProblem } from '../../core/problem.ts';
import type { Runbook } from '../../core/runbook/model.ts';
import { isPagePath, isPartialPath } from '../../core/runbook/partial-path.ts';
import { UsageError } from './errors.ts';
import { readPageFile } from './page-file.ts';

/** Reads the runbooks that `names` mean: files, folders, or ids such as `operations/logical-backup`; none: the whole book. */
export function readRunbooks(root: string, names: readonly string[]): readonly Runbook[] {
  const book = join(root, 'content', 'docs');
  // What two pages import is wrong once.
  const problems = new Set<string>();
  const read = (file: string): Runbook => {
    const extracted = readPageFile(file, idOf(root, book, file));
    for (const problem of extracted.problems) problems.add(formatProblem(problem));
    return extracted.runbook;
  };
  // What is named comes in the order in which it is named; within a folder a reader meets pages by `sidebar.order`, and
  // so do runs.
  const groups = names.length === 0 ? [pagesBelow(book)] : names.map((name) => resolveName(book, name));
  const seen = new Set<string>();
  const runbooks = groups.flatMap((files) => {
    const fresh = files.filter((file) => !seen.has(file));
    for (const file of fresh) seen.add(file);
    return fresh.map(read).sort(byPlace);
  });
  if (problems.size > 0) {
    const count = problems.size === 1 ? '1 mistake' : `${problems.size} mistakes`;
    throw new UsageError(`${[...problems].join('\n')}\n${count}; nothing was run`);
  }
  const named = new Set(names.map((name) => resolve(name)));
  const empty = runbooks.find((runbook) => runbook.steps.length === 0 && named.has(resolve(runbook.file)));
  if (empty)
    throw new UsageError(`${empty.file}: has no steps\n    hint: a step is a fence such as \`\`\`sh step=first-step`);
  const withSteps = runbooks.filter((runbook) => runbook.steps.length > 0);
  if (withSteps.length === 0)
    throw new UsageError(`${names.join(' ') || relative(process.cwd(), book)}: no runbook there has steps`);
  return withSteps;
}

function resolveName(book: string, name: string): readonly string[] {
  const path = resolve(name);
  if (existsSync(path)) return statSync(path).isDirectory() ? pagesBelow(path) : [pageAt(book, path, name)];
  for (const candidate of [`${name}.mdx`, `${name}.md`, name]) {
    const inBook = join(book, candidate);
    if (inBook.startsWith(book + sep) && existsSync(inBook))
      return statSync(inBook).isDirectory() ? pagesBelow(inBook) : [pageAt(book, inBook, name)];
  }
  throw new UsageError(`${name}: no such file, folder or runbook\n    hint: \`tejun list\` shows what there is`);
}

/** A page that is named itself. A document that others import would run without what they say of it. */
function pageAt(book: string, path: string, name: string): string {
  const shown = path.startsWith(book + sep) ? relative(book, path) : basename(path);
  if (!isPartialPath(shown)) return path;
  throw new UsageError(
    `${name}: a document with \`_\` at the beginning of its name, or of its folder's, is no runbook\n    hint: its steps run with the pages that import it`,
  );
}

function pagesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(isPagePath)
    .sort()
    .map((name) => join(folder, name));
}

function byPlace(a: Runbook, b: Runbook): number {
  const folder = (runbook: Runbook): string => runbook.id.slice(0, runbook.id.lastIndexOf('/') + 1);
  if (folder(a) !== folder(b)) return folder(a) < folder(b) ? -1 : 1;
  return (a.order ?? Number.MAX_SAFE_INTEGER) - (b.order ?? Number.MAX_SAFE_INTEGER) || (a.id < b.id ? -1 : 1);
}

function idOf(root: string, book: string, file: string): string {
  const base = file.startsWith(book + sep) ? book : root;
  return relative(base, file)
    .split(sep)
    .filter((part) => part !== '..')
    .join('/')
    .replace(/\.mdx?$/, '');
}
