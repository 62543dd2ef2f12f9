import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isPagePath, isPartialPath } from '../../core/runbook/partial-path.ts';

/** The repository: where site, components and the default book are. */
export const repository = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** The folder with `content/docs` and `content/recordings`: the repository, unless `TEJUN_ROOT` names another. */
export const book = resolve(process.env.TEJUN_ROOT || repository);

/** The book's pages. */
export const docs = join(book, 'content', 'docs');

/** What runs of the book's pages produced. */
export const recordings = join(book, 'content', 'recordings');

/** Where Astro keeps what it read of a book's pages; no book gets to see another's. */
export function scratchOf(root: string): string {
  const name = createHash('sha256').update(resolve(root)).digest('hex').slice(0, 16);
  return join(repository, '.tejun', 'astro', name);
}

/** Locales beside English, each a folder of pages with the same names. */
export const locales = ['ja'] as const;

/** A language that pages are written in. */
export type Locale = 'en' | (typeof locales)[number];

/** Paths of the book's pages. */
export function pages(): readonly string[] {
  return readdirSync(docs, { recursive: true, encoding: 'utf8' })
    .filter(isPagePath)
    .sort()
    .map((name) => join(docs, name));
}

/** Id of the page's runbook; undefined for a file that is no page of the book. */
export function pageId(file: string): string | undefined {
  const path = relative(docs, file);
  if (!file.startsWith(docs + sep) || isPartialPath(path)) return undefined;
  return path
    .split(sep)
    .join('/')
    .replace(/\.mdx?$/, '');
}

/** Language of a page, and the id of the page of which it is the translation; an English page's own. */
export function translationOf(id: string): { readonly locale: Locale; readonly original: string } {
  for (const locale of locales)
    if (id.startsWith(`${locale}/`)) return { locale, original: id.slice(locale.length + 1) };
  return { locale: 'en', original: id };
}
