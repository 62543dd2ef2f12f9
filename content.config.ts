import { defineCollection } from 'astro:content';
import { pathToFileURL } from 'node:url';
import { docsSchema, i18nSchema } from '@astrojs/starlight/schema';
import { glob } from 'astro/loaders';
import { z } from 'astro/zod';
import { docs } from './components/build/book.ts';
import en from './content/i18n/en.json' with { type: 'json' };
import ja from './content/i18n/ja.json' with { type: 'json' };

const words = [
  { id: 'en', ...en },
  { id: 'ja', ...ja },
];

export const collections = {
  docs: defineCollection({
    loader: glob({ base: pathToFileURL(`${docs}/`), pattern: ['**/[^_]*.{md,mdx}', '!**/_*/**'], deferRender: true }),
    // What `tejun` may hold is for `core/runbook` to say, with line and hint.
    schema: docsSchema({ extend: z.object({ tejun: z.unknown().optional() }) }),
  }),
  // Starlight's own loader would look for the words beside the book.
  i18n: defineCollection({ loader: async () => words, schema: i18nSchema() }),
};
