import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { parse } from 'yaml';
import { cutFrontMatter } from '../../core/runbook/cut-front-matter.ts';
import { isPartialPath } from '../../core/runbook/partial-path.ts';
import { docs, locales } from './book.ts';
import { hasFindings } from './ledger/read-findings.ts';
import { ledgerWords } from './ledger/words.ts';

/** A page, or a folder of pages, as Starlight's configuration has it. */
export type SidebarItem =
  | { slug: string }
  | { label: string; translations: Record<string, string>; link: string }
  | { label: string; translations: Record<string, string>; items: SidebarItem[] };

type FrontMatter = { readonly title?: unknown; readonly sidebar?: { readonly order?: unknown } };
type Ordered = { readonly name: string; readonly order: number; readonly item: SidebarItem };

/** The sidebar: folders in their order, each with its pages, then the single pages. The front page is behind the title. */
export function sidebar(): SidebarItem[] {
  const items = itemsIn(docs).filter(({ name }) => name !== 'index');
  const folders = items.filter(({ item }) => 'items' in item);
  const single = items.filter(({ item }) => 'slug' in item);
  return [...folders.map(({ item }) => item), ...findings(), ...single.map(({ item }) => item)];
}

/** The page of findings is no file of the book. */
function findings(): readonly SidebarItem[] {
  if (!hasFindings()) return [];
  const translations = Object.fromEntries(locales.map((locale) => [locale, ledgerWords(locale).title]));
  return [{ label: ledgerWords('en').title, translations, link: '/findings/' }];
}

function itemsIn(folder: string): readonly Ordered[] {
  const items = readdirSync(folder, { withFileTypes: true }).flatMap((entry): readonly Ordered[] => {
    const path = join(folder, entry.name);
    if (isPartialPath(entry.name) || entry.name.startsWith('.')) return [];
    if (entry.isDirectory()) {
      if (folder === docs && (locales as readonly string[]).includes(entry.name)) return [];
      const inside = itemsIn(path);
      const order = Math.min(...inside.map((item) => item.order));
      const items = inside.map(({ item }) => item);
      const group = { label: labelOf(entry.name), translations: translationsOf(relative(docs, path)), items };
      return items.length === 0 ? [] : [{ name: entry.name, order, item: group }];
    }
    const extension = extname(entry.name);
    if (!['.md', '.mdx'].includes(extension)) return [];
    const page = path.slice(0, -extension.length);
    return [{ name: entry.name.slice(0, -extension.length), order: orderOf(page), item: { slug: slugOf(page) } }];
  });
  return items.sort((a, b) => a.order - b.order || (a.name < b.name ? -1 : 1));
}

function slugOf(page: string): string {
  const path = relative(docs, page).split(sep).join('/').toLowerCase();
  return path === 'index' ? path : path.replace(/\/index$/, '');
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
  const front = file === undefined ? undefined : cutFrontMatter(readFileSync(file, 'utf8'));
  if (front?.form !== 'YAML') return {};
  try {
    return (parse(front.text) as FrontMatter | null) ?? {};
  } catch {
    return {};
  }
}
