import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  globSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readPageFile } from '../runbooks/page-file.ts';
import { ExecutionError, UsageError } from './exit-code.ts';
import type { Surroundings } from './surroundings.ts';

/** The program: what makes pages of a book, whichever book it is. */
export const programFolder = join(import.meta.dirname, '..', '..');

/** All of the program that a built site depends on. */
const makers = ['{astro.config.mjs,content.config.ts,package-lock.json}', '{components,core,public}/**/*'];
const pages = ['content/**/*'];

/** Folder of the built site. */
export function siteFolder({ root }: Surroundings): string {
  return join(root, 'dist');
}

/** Builds the site unless what is there was built from the very same files. Returns whether it was built. */
export async function buildSiteIfStale(surroundings: Surroundings, tell: (message: string) => void): Promise<boolean> {
  const hash = sourceHash(surroundings.root);
  const stamp = stampFile(surroundings);
  const built = existsSync(join(siteFolder(surroundings), 'index.html'));
  if (built && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return false;
  tell('building the pages …');
  await build(surroundings, hash, { quiet: true });
  return true;
}

/** Builds the site. A build that fails or is stopped leaves the earlier site as it was. */
export function buildSite(surroundings: Surroundings, how: { quiet: boolean }): Promise<void> {
  return build(surroundings, sourceHash(surroundings.root), how);
}

/** `hash`: of the sources as they were before the build began, so that an edit in the middle makes the site stale. */
async function build(surroundings: Surroundings, hash: string, { quiet }: { quiet: boolean }): Promise<void> {
  const { root, signal } = surroundings;
  const site = siteFolder(surroundings);
  refuseForeign(surroundings);
  const next = join(surroundings.state, 'site-next');
  rmSync(next, { recursive: true, force: true });
  const astro = join(programFolder, 'node_modules', 'astro', 'bin', 'astro.mjs');
  const child = spawn(process.execPath, [astro, 'build', ...(quiet ? ['--silent'] : [])], {
    cwd: programFolder,
    // A page's mistakes are written to standard error, whatever else the build says.
    stdio: ['ignore', quiet ? 'ignore' : process.stderr, 'inherit'],
    env: { ...process.env, TEJUN_ROOT: root, TEJUN_DIST: next, ASTRO_TELEMETRY_DISABLED: '1' },
    signal,
  });
  const [code, by] = (await Promise.race([
    once(child, 'exit'),
    once(child, 'error').then(([error]) => Promise.reject(error)),
  ])) as [number | null, NodeJS.Signals | null];
  if (code !== 0) {
    rmSync(next, { recursive: true, force: true });
    if (code === null) throw new ExecutionError(`the build of the pages was ended by ${by}`);
    throw new UsageError('the pages could not be built; mend what is said above and start again');
  }
  writeFileSync(join(next, mark), 'The pages of a book. `tejun build` replaces this folder.\n');
  refuseForeign(surroundings);
  rmSync(stampFile(surroundings), { force: true });
  const old = join(surroundings.state, 'site-old');
  rmSync(old, { recursive: true, force: true });
  if (existsSync(site)) renameSync(site, old);
  renameSync(next, site);
  rmSync(old, { recursive: true, force: true });
  mkdirSync(dirname(stampFile(surroundings)), { recursive: true });
  writeFileSync(stampFile(surroundings), hash);
}

/** A file by which a built site is known as such. */
const mark = '.built-by-tejun';

/** Nothing is thrown away that somebody else may have put there. */
function refuseForeign(surroundings: Surroundings): void {
  const site = siteFolder(surroundings);
  const isOurs = [join(site, mark), stampFile(surroundings)].some((file) => existsSync(file));
  if (isOurs || !existsSync(site) || (lstatSync(site).isDirectory() && readdirSync(site).length === 0)) return;
  throw new UsageError(
    `${site} is there, and it is no site that tejun built; it was left as it is\n    hint: move it away, or remove it, and begin again`,
  );
}

function stampFile({ state }: Surroundings): string {
  return join(state, 'site-stamp');
}

/** SHA-256 over names and contents of the sources; the settings of the address are part of the pages. */
function sourceHash(root: string): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([root, process.env.TEJUN_BASE, process.env.TEJUN_SITE]));
  const content = filesOf(root, pages);
  for (const path of [...filesOf(programFolder, makers), ...content, ...importedBy(content)]) {
    if (path.endsWith('.test.ts')) continue;
    hash.update(`\n${path}\n`).update(readFileSync(path));
  }
  return hash.digest('hex');
}

/** What pages import from elsewhere, as far as it may hold steps. */
function importedBy(content: readonly string[]): readonly string[] {
  const importing = content.filter((path) => path.endsWith('.mdx') && /^\s*import\b/m.test(readFileSync(path, 'utf8')));
  const imported = importing.flatMap((path) => readPageFile(path, path).partials.map((partial) => resolve(partial)));
  return [...new Set(imported)].filter((path) => !content.includes(path) && existsSync(path)).sort();
}

function filesOf(folder: string, patterns: readonly string[]): readonly string[] {
  return globSync(patterns, { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
