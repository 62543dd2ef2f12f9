import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buildOf, type WindowsBuild } from './builds.ts';

const wineCore = '/usr/lib/x86_64-linux-gnu/wine/x86_64-windows/ntdll.dll';
const own = (name: string): string => join(import.meta.dirname, name);

/** The script that makes the template of a Windows host, and the one that fetches a newer Wine. */
export const scripts = { template: own('make-template.sh'), wine: own('make-wine.sh') } as const;

/** What the Windows hosts of a lab are made of. */
export type WindowsKit = {
  readonly build: WindowsBuild;
  /** Folder of what they share: PostgreSQL's programs and the template. */
  readonly shared: string;
  /** What takes the place of their /usr, with a Wine of its own; undefined: they use the machine's. */
  readonly usr: string | undefined;
};

/** The kit, below a checkout's state, for a major version of PostgreSQL; its folders are others when their making has changed. */
export function kitOf(state: string, major: string | undefined): WindowsKit {
  const build = buildOf(major);
  const { clients: _, ...server } = build;
  const wine = build.wine === undefined ? undefined : `wine-${build.wine}-${hashOf(scripts.wine)}`;
  // The template links to Wine's own files: with another Wine it has to be made anew.
  const { size, mtimeMs } = statSync(wineCore, { throwIfNoEntry: false }) ?? {};
  const shared = hashOf(scripts.template, JSON.stringify(wine ? [server, wine] : [server, size, mtimeMs]));
  const folder = join(state, 'windows');
  return { build, shared: join(folder, shared), usr: wine === undefined ? undefined : join(folder, wine, 'usr') };
}

function hashOf(script: string, ...more: readonly string[]): string {
  const hash = createHash('sha256').update(readFileSync(script));
  for (const each of more) hash.update(each);
  return hash.digest('hex').slice(0, 16);
}
