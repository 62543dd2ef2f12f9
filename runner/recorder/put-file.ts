import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** How the name of a file ends that is not whole yet. */
export const beingWritten = '.being-written';

/** Writes a file that is there as a whole or not at all, also after a power cut. */
export function putFile(folder: string, name: string, content: string): void {
  const temporary = join(folder, `${name}${beingWritten}`);
  const file = openSync(temporary, 'w');
  try {
    const bytes = Buffer.from(content);
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, join(folder, name));
  const directory = openSync(folder, 'r');
  fsyncSync(directory);
  closeSync(directory);
}
