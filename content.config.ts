import { defineCollection } from 'astro:content';
import { pathToFileURL } from 'node:url';
import { i18nLoader } from '@astrojs/starlight/loaders';
import { docsSchema, i18nSchema } from '@astrojs/starlight/schema';
import { glob } from 'astro/loaders';
import { z } from 'astro/zod';
import { docs } from './components/build/book.ts';

export const collections = {
  docs: defineCollection({
    loader: glob({ base: pathToFileURL(`${docs}/`), pattern: '**/[^_]*.{md,mdx}', deferRender: true }),
    // What `tejun` may hold is for `core/runbook` to say, with line and hint.
    schema: docsSchema({ extend: z.object({ tejun: z.unknown().optional() }) }),
  }),
  i18n: defineCollection({ loader: i18nLoader(), schema: i18nSchema() }),
};
