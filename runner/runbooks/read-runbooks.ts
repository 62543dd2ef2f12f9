import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative, resolve, sep } from 'node:path';
import { formatProblem, type Problem } from '../../core/problem.ts';
import { extractRunbook } from '../../core/runbook/extract.ts';
import type { Runbook } from '../../core/runbook/model.ts';
import { UsageError } from './errors.ts';

/** Reads the runbooks that `names` mean: files, folders, or ids such as `operations/logical-backup`; none: the whole book. */
export function readRunbooks(root: string, names: readonly string[]): readonly Runbook[] {
  const book = join(root, 'content', 'docs');
  const problems: Problem[] = [];
  const read = (file: string): Runbook => {
    const shown = relative(process.cwd(), file) || file;
    const extracted = extractRunbook(readFileSync(file, 'utf8'), { file: shown, id: idOf(root, book, file) });
    problems.push(...extracted.problems);
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
  if (problems.length > 0) {
    const count = problems.length === 1 ? '1 mistake' : `${problems.length} mistakes`;
    throw new UsageError(`${problems.map(formatProblem).join('\n')}\n${count}; nothing was run`);
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
  if (existsSync(path)) return statSync(path).isDirectory() ? pagesBelow(path) : [path];
  for (const candidate of [`${name}.mdx`, `${name}.md`, name]) {
    const inBook = join(book, candidate);
    if (inBook.startsWith(book + sep) && existsSync(inBook))
      return statSync(inBook).isDirectory() ? pagesBelow(inBook) : [inBook];
  }
  throw new UsageError(`${name}: no such file, folder or runbook\n    hint: \`tejun list\` shows what there is`);
}

function pagesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => ['.mdx', '.md'].includes(extname(name)))
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
