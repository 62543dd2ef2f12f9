import { join } from 'node:path';
import type { AstroIntegration } from 'astro';
import { locales } from '../book.ts';
import { hasFindings } from './read-findings.ts';

/** Adds the page of findings, in each language, to the site of a book that has findings. */
export function ledger(): AstroIntegration {
  return {
    name: 'tejun-ledger',
    hooks: {
      'astro:config:setup': ({ injectRoute }) => {
        if (!hasFindings()) return;
        const entrypoint = join(import.meta.dirname, 'Ledger.astro');
        for (const prefix of ['', ...locales.map((locale) => `/${locale}`)])
          injectRoute({ pattern: `${prefix}/findings`, entrypoint });
      },
    },
  };
}
