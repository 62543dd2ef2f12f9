import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * Debian packages that the labs of a call declare (`packages:` in lab.yaml). Runs before any package is there, so it
 * reads pages and lab files by their first lines only.
 * @param {string} root
 * @param {readonly string[]} args
 * @returns {readonly string[]}
 */
export function labPackagesFor(root, args) {
  return [...new Set(labsOf(root, args).flatMap((lab) => packagesOf(root, lab)))];
}

/**
 * Labs that a call brings up. `npm start` brings up what its reader asks for, which it cannot know.
 * @param {string} root
 * @param {readonly string[]} args
 * @returns {readonly string[]}
 */
function labsOf(root, [task = '', ...rest]) {
  if (task === 'test' || task === 'test:all' || task === 'bench') return namesIn(join(root, 'labs'));
  const words = rest.filter((word) => !word.startsWith('-'));
  if (task === 'lab') return /^(up|reset)$/.test(words[0] ?? '') ? words.slice(1, 2) : [];
  if (task !== 'verify' && task !== 'accept' && task !== 'record') return [];
  const option = rest.findIndex((word) => word === '--lab' || word.startsWith('--lab='));
  if (option >= 0) return [rest[option]?.split('=')[1] ?? rest[option + 1] ?? ''];
  const book = join(root, 'content', 'docs');
  // The value of an option is taken for a page as well, which there is none of.
  const pages = words.flatMap((word) =>
    [resolve(word), join(book, word), join(book, `${word}.mdx`), join(book, `${word}.md`)].flatMap(pagesIn),
  );
  return (words.length === 0 ? pagesIn(book) : pages).flatMap(labOfPage);
}

/**
 * The lab that a page's front matter names, the first of several. The front matter is found as `core/runbook` finds it,
 * which cannot be asked: it needs a newer Node.
 * @param {string} path @returns {readonly string[]}
 */
function labOfPage(path) {
  const [, front = ''] = /(?:^\uFEFF?|^\s*\n)---([\s\S]*?\n)(?:---|\+\+\+)/.exec(readFileSync(path, 'utf8')) ?? [];
  const [, lab] = /\blab["']?:\s*(?:\[\s*|-\s+)?["']?([\w-]+)/.exec(front) ?? [];
  return lab === undefined ? [] : [lab];
}

/** @param {string} root @param {string} lab @returns {readonly string[]} */
function packagesOf(root, lab) {
  const file = join(root, 'labs', lab, 'lab.yaml');
  if (!/^[\w-]+$/.test(lab) || !existsSync(file)) return [];
  const [, list = ''] = /^packages:\s*\[(.*?)\]/ms.exec(readFileSync(file, 'utf8')) ?? [];
  return list.split(',').flatMap((name) => name.trim() || []);
}

/** @param {string} path @returns {readonly string[]} */
function pagesIn(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isDirectory()) {
    const names = namesIn(path).filter((name) => name !== 'node_modules' && !name.startsWith('.'));
    return names.flatMap((name) => pagesIn(join(path, name)));
  }
  return /\.mdx?$/.test(path) ? [path] : [];
}

/** @param {string} folder */
function namesIn(folder) {
  return existsSync(folder) ? readdirSync(folder) : [];
}
