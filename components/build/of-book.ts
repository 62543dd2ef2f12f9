import { pathToFileURL } from 'node:url';
import type { AstroIntegration } from 'astro';
import { book } from './book.ts';

/** Lets an integration that looks for pages below `srcDir` find those of the book, wherever the book is. */
export function ofBook(integration: AstroIntegration): AstroIntegration {
  const setUp = integration.hooks['astro:config:setup'];
  if (!setUp) return integration;
  const srcDir = pathToFileURL(`${book}/`);
  return {
    ...integration,
    hooks: {
      ...integration.hooks,
      'astro:config:setup': (options) => setUp({ ...options, config: { ...options.config, srcDir } }),
    },
  };
}
