import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { removeTree } from '../host-files.ts';

/** What this runner makes at the moment, by folder. */
const making = new Map<string, Promise<void>>();

/**
 * Makes a folder that takes long to make, once: as a draft beside it, so that it is there whole or not at all. Of two labs
 * that need it at the same time one makes it and the other waits, and makes it itself if that came to nothing.
 */
export async function makeOnce(folder: string, make: (draft: string) => Promise<void>): Promise<void> {
  for (let other = making.get(folder); other !== undefined; other = making.get(folder))
    await other.catch(() => undefined);
  if (existsSync(folder)) return;
  const work = makeAlone(folder, make).finally(() => making.delete(folder));
  making.set(folder, work);
  return work;
}

async function makeAlone(folder: string, make: (draft: string) => Promise<void>): Promise<void> {
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

/** What killed runners left of it, also one that had the number that is ours now. */
async function removeDrafts(folder: string): Promise<void> {
  const beside = dirname(folder);
  const names = existsSync(beside) ? readdirSync(beside) : [];
  for (const name of names) {
    const [, pid] = name.startsWith(`${basename(folder)}.`) ? (/\.(\d+)$/.exec(name) ?? []) : [];
    if (pid !== undefined && (Number(pid) === process.pid || !existsSync(`/proc/${pid}`)))
      await removeTree(join(beside, name));
  }
}
