import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const checkout = join(import.meta.dirname, '..');
const astro = join(checkout, 'node_modules', 'astro', 'bin', 'astro.mjs');
const builds = join(checkout, '.tejun', 'bench');

/**
 * A book twice: as Tejun builds it, and as plain Starlight of the same version builds the same pages, with the same
 * sidebar, languages, Markdown processor and settings, in which fences are just code.
 */
export class TwoSites {
  readonly book: string;
  readonly #plain: string;

  constructor(fill: (book: string) => void) {
    mkdirSync(builds, { recursive: true });
    // Below the checkout, so that what they import is found in its node_modules.
    this.book = mkdtempSync(join(builds, 'book-'));
    this.#plain = mkdtempSync(join(builds, 'plain-'));
    fill(this.book);
    cpSync(join(this.book, 'content', 'docs'), join(this.#plain, 'content', 'docs'), { recursive: true });
    for (const name of globSync('content/docs/**/*.{md,mdx}', { cwd: this.#plain })) {
      const file = join(this.#plain, name);
      writeFileSync(file, justCode(withTabs(readFileSync(file, 'utf8'))));
    }
    cpSync(join(checkout, 'public'), join(this.#plain, 'public'), { recursive: true });
    writeFileSync(join(this.#plain, 'astro.config.mjs'), plainConfig);
    writeFileSync(join(this.#plain, 'content.config.ts'), plainCollections);
  }

  /** Builds one of them; returns the folder of its files. */
  async build(which: 'tejun' | 'plain'): Promise<string> {
    const root = which === 'tejun' ? checkout : this.#plain;
    const site = join(which === 'tejun' ? this.book : this.#plain, 'dist');
    rmSync(site, { recursive: true, force: true });
    const child = spawn(process.execPath, [astro, 'build', '--silent'], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        ...process.env,
        // The plain one reads it only for its sidebar.
        TEJUN_ROOT: which === 'tejun' ? this.book : this.#plain,
        TEJUN_DIST: site,
        ASTRO_TELEMETRY_DISABLED: '1',
      },
    });
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`the ${which} site could not be built`);
    return site;
  }

  close(): void {
    rmSync(this.book, { recursive: true, force: true });
    rmSync(this.#plain, { recursive: true, force: true });
  }
}

/** Puts a step's variants into Starlight's own tabs, as an author who shows two systems would. */
function withTabs(page: string): string {
  const fence = /^(`{3,})(\w+)( .*)?\n[\s\S]*?^\1$/gm;
  const fences = [...page.matchAll(fence)].map(({ 0: text, 2: language, 3: info = '', index }) => {
    const step = /\bstep=(\S+)/.exec(info)?.[1];
    const variant = language === 'expect' && /\bwhen=/.test(info) ? 'expect' : step;
    return { text, language, variant, from: index, to: index + text.length };
  });
  const groups: (typeof fences)[] = [];
  for (const one of fences) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    const follows = last !== undefined && page.slice(last.to, one.from).trim() === '';
    if (follows && one.variant !== undefined && one.variant === last.variant) group?.push(one);
    else groups.push([one]);
  }
  const tabbed = groups.filter(({ length }) => length > 1);
  if (tabbed.length === 0) return page;
  let out = page;
  for (const group of tabbed.toReversed()) {
    const items = group.map(({ text, language }) => `<TabItem label="${language}">\n\n${text}\n\n</TabItem>`);
    const tabs = `<Tabs syncKey="system">\n${items.join('\n')}\n</Tabs>`;
    out = out.slice(0, group[0]?.from) + tabs + out.slice(group.at(-1)?.to);
  }
  return out.replace(/^(---\n[\s\S]*?\n---\n)/, "$1\nimport { TabItem, Tabs } from '@astrojs/starlight/components';\n");
}

/** Takes from fences what only Tejun reads: `sh step=dump host=…` becomes `sh`, an `expect` fence becomes text. */
function justCode(page: string): string {
  return page.replaceAll(
    /^( *`{3,})(sh|bash|bat|powershell|sql|expect|hint|reported) ?.*$/gm,
    (_line, fence: string, language: string) =>
      !['expect', 'hint', 'reported'].includes(language) ? `${fence}${language}` : `${fence}text`,
  );
}

const plainConfig = `
import { satteri } from '@astrojs/markdown-satteri';
import starlight from '@astrojs/starlight';
import { defineConfig, passthroughImageService } from 'astro/config';
import { sidebar } from ${JSON.stringify(join(checkout, 'components', 'build', 'sidebar.ts'))};
export default defineConfig({
  srcDir: '.',
  outDir: process.env.TEJUN_DIST,
  prefetch: false,
  image: { service: passthroughImageService() },
  markdown: { processor: satteri() },
  integrations: [
    starlight({
      title: 'Tejun 手順',
      locales: { root: { label: 'English', lang: 'en' }, ja: { label: '日本語', lang: 'ja' } },
      sidebar: sidebar(),
    }),
  ],
  vite: { build: { rolldownOptions: { checks: { moduleLevelDirective: false } } } },
});
`;

const plainCollections = `
import { defineCollection } from 'astro:content';
import { docsSchema } from '@astrojs/starlight/schema';
import { glob } from 'astro/loaders';
import { z } from 'astro/zod';
export const collections = {
  docs: defineCollection({
    loader: glob({ base: './content/docs', pattern: '**/[^_]*.{md,mdx}' }),
    schema: docsSchema({ extend: z.object({ tejun: z.unknown().optional() }) }),
  }),
};
`;
