import { type Stats, statSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { scriptHashesFile } from './script-hashes.ts';

/** Where a request's path leads in the site. */
export type Place =
  | { readonly kind: 'file'; readonly path: string; readonly stats: Stats }
  /** A folder without its slash: the address with it. */
  | { readonly kind: 'folder'; readonly address: string }
  /** The path is no honest one. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'nothing' };

/** Finds what `path`, as it stands in the request line, means in the folder `site`, which is a real path. */
export async function locate(site: string, path: string): Promise<Place> {
  const segments = segmentsOf(path);
  if (!segments) return { kind: 'refused' };
  const isFolder = segments.at(-1) === '';
  const names = isFolder ? segments.slice(0, -1) : segments;
  if (names.some((name) => name.startsWith('.')) || names.join('/') === scriptHashesFile) return { kind: 'nothing' };
  const found = await inside(site, join(site, ...names, ...(isFolder ? ['index.html'] : [])));
  if (found?.stats.isFile()) return { kind: 'file', ...found };
  if (!found?.stats.isDirectory() || isFolder || !(await inside(site, join(found.path, 'index.html'))))
    return { kind: 'nothing' };
  return { kind: 'folder', address: `/${names.map(encodeURIComponent).join('/')}/` };
}

/** The real path of a folder that must be there. */
export async function realFolder(folder: string): Promise<string> {
  try {
    const path = await realpath(folder);
    if (statSync(path).isDirectory()) return path;
  } catch {}
  throw new Error(`there is no built site at ${folder}\nbuild it with \`npm run build\``);
}

/** The decoded segments after the first slash; undefined when one of them means something else than a name. */
function segmentsOf(path: string): readonly string[] | undefined {
  if (!path.startsWith('/')) return undefined;
  let segments: readonly string[];
  try {
    segments = path.slice(1).split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
  const isName = (segment: string, index: number): boolean =>
    segment === ''
      ? index === segments.length - 1
      : segment.length <= 255 && segment !== '.' && segment !== '..' && !/[/\\\x00-\x1f\x7f]/.test(segment);
  return segments.every(isName) ? segments : undefined;
}

/** What is at `path`; a link that leads out of the site leads nowhere. */
async function inside(site: string, path: string): Promise<{ path: string; stats: Stats } | undefined> {
  try {
    const real = await realpath(path);
    if (!real.startsWith(site + sep) && real !== site) return undefined;
    return { path: real, stats: await stat(real) };
  } catch {
    return undefined;
  }
}
