import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Site } from './site.ts';

/** Every link of every page leads to a page, at the root of a host and below a path. */
export function checkLinks(site: () => Site): void {
  test('has no link that leads nowhere', () => assert.deepEqual(brokenLinks(site().dist, '/'), []));

  test('has none below a base path either, and finds its recordings there', async () => {
    const below = await Site.build('/books/dba/');
    try {
      assert.deepEqual(brokenLinks(below.dist, '/books/dba/'), []);
      await below.read('/books/dba/cases/outcomes/', async (page) => {
        const cast = await page.locator('#step-exact .recorded').getAttribute('data-cast');
        assert.equal(cast, '/books/dba/recordings/cases/outcomes/linux/postgres1.cast');
        assert.equal((await page.request.get(`${below.origin}${cast}`)).status(), 200);
      });
    } finally {
      await below.close();
    }
  });
}

function brokenLinks(dist: string, base: string): readonly string[] {
  const pages = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.html'));
  assert.ok(pages.length > 10);
  return pages.flatMap((page) => {
    const html = readFileSync(join(dist, page), 'utf8');
    const address = new URL(`${base}${page.replace(/index\.html$/, '')}`, 'http://site');
    // What stands in content as text has its quotes escaped or is no link.
    const links = [...html.matchAll(/<(?:a|link|script)\s[^>]*?(?:href|src|data-cast)="([^"]+)"/g)].map(
      ([, link]) => link ?? '',
    );
    return [...new Set(links)]
      .filter((link) => !leadsSomewhere(link, address, dist, base))
      .map((link) => `${page}: ${link}`);
  });
}

function leadsSomewhere(link: string, from: URL, dist: string, base: string): boolean {
  const to = new URL(link, from);
  if (to.host !== 'site' || to.protocol === 'data:') return true;
  if (!to.pathname.startsWith(base)) return false;
  const file = join(dist, decodeURIComponent(to.pathname.slice(base.length)));
  const target = existsSync(file) && statSync(file).isDirectory() ? join(file, 'index.html') : file;
  if (!existsSync(target)) return false;
  const anchor = decodeURIComponent(to.hash.slice(1));
  return anchor === '' || anchor === '_top' || readFileSync(target, 'utf8').includes(`id="${anchor}"`);
}
