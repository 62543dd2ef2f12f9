import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { repository } from './book.ts';
import { inlineScripts, scriptSource } from './inline-scripts.ts';

/** A page with everything that Starlight writes into pages and nothing of the book. It is removed from the built site. */
const probe = 'tejun-probe';

/** Where the built site says which inline scripts are the site's own, for servers that send a policy themselves. */
const hashFile = 'script-hashes.json';

/**
 * Writes into every built page a policy by which only the site's own scripts run and nothing is loaded from elsewhere.
 * Which inline scripts are the site's own is learnt from a page without any content, so that none that came with
 * the book, or with what was recorded, can be among them.
 */
export function security(): AstroIntegration {
  const chunks = new Set<string>();
  return {
    name: 'tejun-security',
    hooks: {
      'astro:config:setup': ({ command, injectRoute, updateConfig }) => {
        if (command !== 'build') return;
        injectRoute({ pattern: `/${probe}`, entrypoint: join(repository, 'components', 'build', 'Probe.astro') });
        updateConfig({
          vite: {
            plugins: [
              {
                name: 'tejun-own-scripts',
                // Astro writes small scripts of components into the pages.
                generateBundle(_, bundle) {
                  for (const chunk of Object.values(bundle)) if (chunk.type === 'chunk') chunks.add(chunk.code.trim());
                },
              },
            ],
          },
        });
      },
      'astro:build:done': ({ dir, logger }) => {
        const dist = fileURLToPath(dir);
        const probeFile = [join(dist, probe, 'index.html'), join(dist, `${probe}.html`)];
        const [file] = globSync(probeFile);
        if (!file) throw new Error(`the page ${probe} was not built, so nobody knows which scripts are the site's own`);
        const own = new Set(inlineScripts(readFileSync(file, 'utf8')));
        rmSync(file === probeFile[0] ? dirname(file) : file, { recursive: true });
        const used = new Set<string>();
        for (const page of globSync('**/*.html', { cwd: dist })) {
          const html = readFileSync(join(dist, page), 'utf8');
          const scripts = [...new Set(inlineScripts(html))];
          const trusted = scripts.filter((script) => own.has(script) || chunks.has(script.trim())).map(scriptSource);
          if (trusted.length < scripts.length)
            logger.warn(`${page}: scripts that its content brings along will not run`);
          for (const source of trusted) used.add(source);
          const meta = `<meta http-equiv="Content-Security-Policy" content="${policy(trusted)}">`;
          writeFileSync(
            join(dist, page),
            html.replace(/<head[^>]*>(?:\s*<meta charset[^>]*>)?/, (head) => head + meta),
          );
        }
        writeFileSync(join(dist, hashFile), `${JSON.stringify([...used].sort(), null, 2)}\n`);
      },
    },
  };
}

function policy(hashes: readonly string[]): string {
  return [
    "default-src 'self'",
    // The search and the player of recordings are WebAssembly.
    `script-src 'self' 'wasm-unsafe-eval' ${hashes.join(' ')}`,
    // Highlighted code carries its colours with it.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}
