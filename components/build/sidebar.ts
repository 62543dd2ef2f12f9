import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { parse } from 'yaml';
import { docs, locales } from './book.ts';

type FrontMatter = { readonly title?: unknown; readonly sidebar?: { readonly order?: unknown } };

/** The sidebar: the book's first page, its folders, each with its pages, and the single pages beside them. */
export function sidebar() {
  const entries = readdirSync(docs, { withFileTypes: true });
  const folders = entries
    .filter((entry) => entry.isDirectory() && !(locales as readonly string[]).includes(entry.name))
    .map(({ name }) => ({ name, order: orderOf(join(docs, name, 'index')) }));
  const single = entries
    .filter((entry) => entry.isFile() && ['.md', '.mdx'].includes(extname(entry.name)) && !entry.name.startsWith('_'))
    .map(({ name }) => name.slice(0, -extname(name).length))
    .filter((name) => name !== 'index')
    .map((name) => ({ name, order: orderOf(join(docs, name)) }));
  return [
    ...folders.sort(byOrder).map(({ name }) => ({
      label: labelOf(name),
      translations: translationsOf(name),
      items: [{ autogenerate: { directory: name } }],
    })),
    ...single.sort(byOrder).map(({ name }) => ({ slug: name.toLowerCase() })),
  ];
}

type Ordered = { readonly name: string; readonly order: number };

function byOrder(a: Ordered, b: Ordered): number {
  return a.order - b.order || (a.name < b.name ? -1 : 1);
}

function labelOf(folder: string): string {
  const words = folder.replaceAll('-', ' ');
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

function translationsOf(folder: string): Record<string, string> {
  const titles = locales.map((locale) => [locale, frontMatterOf(join(docs, locale, folder, 'index')).title] as const);
  return Object.fromEntries(titles.filter((entry): entry is readonly ['ja', string] => typeof entry[1] === 'string'));
}

function orderOf(page: string): number {
  const order = frontMatterOf(page).sidebar?.order;
  return typeof order === 'number' ? order : Number.MAX_SAFE_INTEGER;
}

/** Of a page named without its extension; empty when there is none, or when what is wrong with it is told elsewhere. */
function frontMatterOf(page: string): FrontMatter {
  const file = ['.mdx', '.md'].map((extension) => page + extension).find((candidate) => existsSync(candidate));
  const text = file && /^---\r?\n([\s\S]*?)\r?\n---/.exec(readFileSync(file, 'utf8'))?.[1];
  if (!text) return {};
  try {
    return (parse(text) as FrontMatter | null) ?? {};
  } catch {
    return {};
  }
}
