import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Site } from './site.ts';

/** Nothing that stands in pages or recordings runs; nothing comes from elsewhere. */
export function checkSecurity(site: () => Site): void {
  for (const path of ['/cases/hostile/', '/cases/raw-html/', '/ja/cases/hostile/'])
    test(`runs nothing that content brings along on ${path}`, () =>
      site().read(path, async (page) => {
        const refused: string[] = [];
        page.on('console', (message) => message.type() === 'error' && refused.push(message.text()));
        await page.reload({ waitUntil: 'networkidle' });
        assert.equal(await page.evaluate('window.hacked'), undefined);
        assert.ok(
          refused.some((text) => /inline script violates/.test(text)),
          refused.join('\n'),
        );
        assert.ok(
          refused.some((text) => /inline event handler violates/.test(text)),
          refused.join('\n'),
        );
      }));

  test('shows what is recorded as text, whatever it is', () =>
    site().read('/cases/hostile/', async (page) => {
      const output = await page.locator('#step-html .recorded .output').textContent();
      assert.equal(
        output,
        `</pre></div></main></script><script>window.hacked = 'output'</script>\n` +
          `<img src=x onerror="window.hacked = 'handler in output'">\n` +
          `{1 + 1} \${window.hacked} &lt;b&gt;\n<!-- <style>*{display:none}</style>`,
      );
      const escapes = await page.locator('#step-escapes .recorded .output').textContent();
      assert.equal(
        escapes,
        `\\x1b]0;</pre></div></main></script><script>window.hacked = 'title'</script>\\x07` +
          `\\x1b[31mred\\x1b[0m\\u202etxt.exe\\u202c \\x00 \\x9b31m`,
      );
      assert.equal(await page.locator('.tejun-step :is(script:not([src]), img, style)').count(), 0);
    }));

  test('names exactly its own inline scripts as allowed to run', () =>
    site().read('/', async (page) => {
      const sources = JSON.parse(readFileSync(join(site().dist, 'script-hashes.json'), 'utf8')) as string[];
      const paths = readdirSync(site().dist, { recursive: true, encoding: 'utf8' }).filter((name) =>
        name.endsWith('.html'),
      );
      const foreign: string[] = [];
      const used = new Set<string>();
      for (const path of paths) {
        await page.goto(`${site().origin}/${path.replace(/index\.html$/, '')}`);
        const scripts = await page
          .locator('script:not([src])')
          .evaluateAll((all) => all.map((script) => script.textContent));
        for (const script of scripts) {
          const source = `'sha256-${createHash('sha256').update(script).digest('base64')}'`;
          if (sources.includes(source)) used.add(source);
          else foreign.push(script);
        }
      }
      assert.deepEqual([...used].sort(), sources);
      assert.ok(foreign.length > 0);
      assert.deepEqual(
        foreign.filter((script) => !script.includes('window.hacked')),
        [],
      );
      assert.ok(!paths.some((path) => path.includes('probe')));
    }));

  test('lets no page load anything from elsewhere', () =>
    site().read('/cases/outcomes/', async (page) => {
      const policy = await page.locator('meta[http-equiv=Content-Security-Policy]').getAttribute('content');
      assert.match(policy ?? '', /^default-src 'self'; script-src 'self' 'wasm-unsafe-eval' 'sha256-/);
      assert.doesNotMatch(
        policy?.replace(/style-src[^;]*/, '') ?? '',
        /unsafe-inline|unsafe-eval(?<!wasm-unsafe-eval)|\*|http/,
      );
      // The policy has to stand in front of everything that it is about, and the character set in front of it.
      assert.match(await page.content(), /<head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy"/);
    }));
}
