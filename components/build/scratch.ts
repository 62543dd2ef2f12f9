import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { AstroIntegration } from 'astro';
import { book, scratchOf } from './book.ts';

/** Lets every build read everything anew, because Astro does not know that pages depend on recordings too. */
export function scratch(): AstroIntegration {
  const folder = scratchOf(book);
  mkdirSync(folder, { recursive: true });
  return {
    name: 'tejun-scratch',
    hooks: {
      'astro:config:setup': ({ command }) => {
        if (command !== 'build') return;
        rmSync(join(folder, 'data-store.json'), { force: true });
        process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
      },
    },
  };
}
