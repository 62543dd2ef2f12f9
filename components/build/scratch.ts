import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { AstroIntegration } from 'astro';
import { book, repository } from './book.ts';

/** Where Astro keeps what it read of this book's pages; no book gets to see another's. */
export const scratchFolder = join(
  repository,
  '.tejun',
  'astro',
  createHash('sha256').update(book).digest('hex').slice(0, 16),
);

/** Lets every build read everything anew, because Astro does not know that pages depend on recordings too. */
export function scratch(): AstroIntegration {
  mkdirSync(scratchFolder, { recursive: true });
  return {
    name: 'tejun-scratch',
    hooks: {
      'astro:config:setup': ({ command }) => {
        if (command !== 'build') return;
        rmSync(join(scratchFolder, 'data-store.json'), { force: true });
        process.once('exit', () => rmSync(scratchFolder, { recursive: true, force: true }));
      },
    },
  };
}
