import { join } from 'node:path';
import type { Plugin } from 'vite';
import { book, repository } from './book.ts';

/** Lets pages of a book that lies elsewhere import packages of this repository, as those of its own book do. */
export function bookImports(): Plugin {
  return {
    name: 'tejun-book-imports',
    enforce: 'pre',
    resolveId: {
      filter: { id: /^[@a-z]/ },
      async handler(source, importer, options) {
        if (book === repository || !importer?.startsWith(`${book}/`)) return null;
        const near = await this.resolve(source, importer, options);
        return near ?? this.resolve(source, join(repository, 'astro.config.mjs'), options);
      },
    },
  };
}
