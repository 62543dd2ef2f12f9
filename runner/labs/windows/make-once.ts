import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { removeTree } from '../host-files.ts';

/** Makes a folder that takes long to make, once: as a draft beside it, so that it is there whole or not at all. */
export async function makeOnce(folder: string, make: (draft: string) => Promise<void>): Promise<void> {
  if (existsSync(folder)) return;
  await removeDrafts(folder);
  const draft = `${folder}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  try {
    await make(draft);
    renameSync(draft, folder);
  } catch (error) {
    await removeTree(draft);
    // Another runner may have been quicker.
    if (!existsSync(folder)) throw error;
  }
}

/** What killed runners left of it. */
async function removeDrafts(folder: string): Promise<void> {
  const beside = dirname(folder);
  const names = existsSync(beside) ? readdirSync(beside) : [];
  for (const name of names) {
    const [, pid] = name.startsWith(`${basename(folder)}.`) ? (/\.(\d+)$/.exec(name) ?? []) : [];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) await removeTree(join(beside, name));
  }
}
