import { join, resolve } from 'node:path';
import { satteri } from '@astrojs/markdown-satteri';
import starlight from '@astrojs/starlight';
import { defineConfig, passthroughImageService } from 'astro/config';
import { authorMode } from './components/build/author-mode.ts';
import { book, repository, scratchOf } from './components/build/book.ts';
import { bookImports } from './components/build/book-imports.ts';
import { casts } from './components/build/casts.ts';
import { checkBook } from './components/build/check-book.ts';
import { japaneseLines } from './components/build/japanese-lines.ts';
import { ledger } from './components/build/ledger/integration.ts';
import { noPreload } from './components/build/no-preload.ts';
import { ofBook } from './components/build/of-book.ts';
import { partials } from './components/build/partials.ts';
import { scratch } from './components/build/scratch.ts';
import { security } from './components/build/security.ts';
import { sidebar } from './components/build/sidebar.ts';
import { stepsPlugin } from './components/build/steps-plugin.ts';

const base = process.env.TEJUN_BASE || '/';

export default defineConfig({
  root: book === repository ? repository : scratchOf(book),
  srcDir: repository,
  publicDir: join(repository, 'public'),
  outDir: resolve(process.env.TEJUN_DIST || 'dist'),
  cacheDir: scratchOf(book),
  base,
  ...(process.env.TEJUN_SITE ? { site: process.env.TEJUN_SITE } : {}),
  // A page is small and near; loading what the pointer passes over is not worth its code.
  prefetch: false,
  image: { service: passthroughImageService() },
  markdown: {
    processor: satteri({
      mdastPlugins: [japaneseLines, stepsPlugin({ base })],
      // Two dashes begin an option, three dots are an ellipsis of expectations: both are to be read as they are written.
      features: { smartPunctuation: { dashes: false, ellipses: false } },
    }),
  },
  integrations: [
    scratch(),
    checkBook(),
    authorMode(),
    casts(),
    ledger(),
    security(),
    ofBook(
      starlight({
        title: 'Tejun 手順',
        locales: { root: { label: 'English', lang: 'en' }, ja: { label: '日本語', lang: 'ja' } },
        sidebar: sidebar(),
        customCss: [join(repository, 'components', 'styles', 'tejun.css')],
        components: { Head: join(repository, 'components', 'Head.astro') },
      }),
    ),
  ],
  vite: {
    plugins: [noPreload, bookImports(), partials()],
    // One style sheet for all pages: in pieces it is larger, and partly written into each page.
    build: { cssCodeSplit: false, rolldownOptions: { checks: { moduleLevelDirective: false } } },
    server: { fs: { allow: [repository, book] } },
  },
});
