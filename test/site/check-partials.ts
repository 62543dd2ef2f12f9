import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Page } from '@playwright/test';
import type { Site } from './site.ts';

/** Steps of documents that pages import: each page shows them as they ran with it. */
export function checkPartials(site: () => Site): void {
  const steps = (page: Page): Promise<readonly (string | undefined)[]> =>
    page
      .locator('section.tejun-step')
      .evaluateAll((all) => all.map((step) => (step as unknown as { dataset: { step?: string } }).dataset.step));

  test('shows them where they are imported, in the order in which they run', () =>
    site().plainly('/cases/shows-parts/', async (page) => {
      assert.deepEqual(await steps(page), ['own', 'common', 'plain', 'inner', 'outer', 'split']);
      const shown = site().book.hashes('cases/shows-parts');
      assert.deepEqual(await steps(page), [...shown.keys()]);
      for (const [step, hash] of shown)
        assert.equal(await page.locator(`#step-${step}`).getAttribute('data-hash'), hash.slice(0, 16));
      assert.match((await page.locator('.tejun-page').textContent()) ?? '', /5 of 6/);
    }));

  test('shows what was recorded with the page that is read', async () => {
    for (const [path, state] of [
      ['/cases/shows-parts/', '✓ verified'],
      ['/cases/shows-parts-too/', '⚠ stale'],
    ] as const)
      await site().plainly(path, async (page) => {
        assert.equal(await page.locator('#step-common .step-state').textContent(), state);
        assert.equal(await page.locator('#step-common').count(), 1);
        assert.equal(await page.locator('.tejun-page').count(), 1);
      });
  });

  test('gives them the host of the page, and what the page says of itself', async () => {
    for (const [path, host, name] of [
      ['/cases/shows-parts/', 'postgres1', 'first'],
      ['/cases/shows-parts-too/', 'pgpool1', 'second'],
    ] as const)
      await site().plainly(path, async (page) => {
        assert.equal(await page.locator('#step-common').getAttribute('data-host'), host);
        assert.equal(await page.locator('.sl-badge').textContent(), `Shared by ${name}`);
        assert.equal(await page.locator('#step-common .step-hints').count(), 1);
      });
  });

  test('keeps a document in its list', () =>
    site().plainly('/cases/shows-parts-too/', async (page) => {
      assert.equal(await page.locator('ol > li #step-common').count(), 1);
    }));

  test('reads documents without MDX as Markdown', () =>
    site().plainly('/cases/shows-parts/', async (page) => {
      assert.equal(await page.locator('p.raw').textContent(), 'a < b {c}');
      assert.equal(await page.locator('#step-plain .step-command figcaption').textContent(), 'plain.sh');
      assert.match((await page.locator('#step-plain .step-state').textContent()) ?? '', /verified/);
    }));

  test('shows pieces of one step in the documents in which they stand', () =>
    site().plainly('/cases/shows-parts/', async (page) => {
      const [linux, windows] = [page.getByRole('tabpanel').nth(0), page.getByRole('tabpanel').nth(1)];
      assert.match((await linux.locator('#step-split code').textContent()) ?? '', /echo linux/);
      assert.match(
        (await page.locator('[role=tabpanel] [data-part-of=split] code').textContent()) ?? '',
        /echo windows/,
      );
      assert.equal(await windows.count(), 0);
      assert.equal(await page.locator('[data-part-of=split] .step-expected .output').textContent(), '{{word}}');
    }));

  test('makes no pages of them', () => {
    for (const path of ['cases/_common', 'cases/_parts/plain', 'cases/parts', 'ja/cases/_common'])
      assert.ok(!existsSync(join(site().dist, path)));
  });
}
