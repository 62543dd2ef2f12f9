import { AsyncLocalStorage } from 'node:async_hooks';
import { extname, join, relative, resolve } from 'node:path';
import type { Plugin } from 'vite';
import { isDocument } from '../../core/runbook/imports.ts';
import { docs, pageId } from './book.ts';
import { readPage } from './page-source.ts';

/** A document as it is being made: a page, or one that a page shows; both are files. */
export type MadeDocument = { readonly file: string; readonly page: string };

type Load = (this: unknown, id: string) => unknown;

// Astro's plugin for Markdown without MDX drops the query of what it makes, so it goes along beside it.
const making = new AsyncLocalStorage<string>();

/**
 * Makes each document anew for each page that imports it: a step has another host, other recordings and another standing on each of
 * them. The page goes along in a query, at whose end the file's extension is what Astro goes by.
 */
export function partials(): Plugin {
  let loadMarkdown: Load | undefined;
  return {
    name: 'tejun-partials',
    enforce: 'pre',
    configResolved({ plugins }) {
      const load = plugins.find(({ name }) => name === 'astro:markdown')?.load;
      loadMarkdown = (typeof load === 'object' ? load.handler : load) as Load | undefined;
    },
    resolveId: {
      order: 'pre',
      async handler(source, importer, options) {
        if (importer === undefined || !isDocument(source)) return null;
        const page = documentAt(importer)?.page;
        if (page === undefined) return null;
        const found = await this.resolve(source, importer, { ...options, skipSelf: true });
        // Astro wraps a page in a module of the same file.
        if (!found || found.external || !isDocument(found.id) || found.id === page) return found;
        const query = `page=${encodeURIComponent(relative(docs, page))}&${extname(found.id)}`;
        return { ...found, id: `${found.id}?${query}` };
      },
    },
    load: {
      order: 'pre',
      filter: { id: /\?page=/ },
      handler(id) {
        const made = documentAt(id);
        if (made === undefined || made.file.endsWith('.mdx')) return null;
        if (!loadMarkdown) throw new Error('Astro has no plugin `astro:markdown`, which makes documents without MDX');
        const load = loadMarkdown.bind(this);
        return making.run(made.page, () => load(made.file)) as never;
      },
    },
    transform: {
      order: 'pre',
      filter: { id: /\.mdx?(?:\?|$)/ },
      handler(_, id) {
        const page = documentAt(id)?.page;
        const pageOf = page === undefined ? undefined : pageId(page);
        if (page === undefined || pageOf === undefined) return null;
        // What a page says of its steps depends on all that it shows.
        for (const file of readPage(page, pageOf).partials) this.addWatchFile(resolve(file));
        return null;
      },
    },
  };
}

/** The document of a module, or of what Astro gives to Markdown plugins; undefined: none of the book. */
export function documentAt(id: string): MadeDocument | undefined {
  const [file = '', query = ''] = id.split('?');
  const named = /^page=([^&]*)&/.exec(query)?.[1];
  if (named !== undefined) return { file, page: join(docs, decodeURIComponent(named)) };
  const page = making.getStore() ?? (pageId(file) === undefined ? undefined : file);
  return page === undefined ? undefined : { file, page };
}
