import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Site } from './site.ts';

/** Fences in lists, apart from each other, and fences that are only shown. */
export function checkPlaces(site: () => Site): void {
  test('leaves fences alone that are only shown', () =>
    site().plainly('/cases/places/', async (page) => {
      assert.equal(await page.locator('#step-only-mentioned').count(), 0);
      const shown = await page.locator('.expressive-code').first().textContent();
      assert.match(shown ?? '', /^```sh step=only-mentioned host=postgres1\n*echo mentioned/);
      assert.equal(await page.locator('.tejun-step').count(), 2);
    }));

  test('keeps a step in its list', () =>
    site().plainly('/cases/places/', async (page) => {
      const step = page.locator('ol > li > #step-in-list');
      assert.equal(await step.locator('.step-expected .output').textContent(), 'in a list');
      assert.deepEqual(await page.locator('ol > li').count(), 2);
    }));

  test('keeps words between a command and what is expected of it where they were', () =>
    site().plainly('/cases/places/', async (page) => {
      const parts = await page
        .locator('#step-between > *')
        .evaluateAll((all) => all.map((part) => part.classList[0] ?? part.tagName));
      assert.deepEqual(parts.slice(0, 4), ['step-head', 'step-command', 'P', 'step-expected']);
      assert.equal(await page.locator('#step-between > p').textContent(), 'and what it prints, which is');
      assert.equal(await page.locator('#step-between .step-expected .output').textContent(), '{braces} quotes -- <b>');
      const command = await page.locator('#step-between .step-command code').textContent();
      assert.equal(command?.trimEnd(), `echo {braces} "quotes" -- '<b>'`);
    }));

  test('reads Markdown without MDX too', () =>
    site().plainly('/cases/raw-html/', async (page) => {
      assert.equal(
        (await page.locator('#step-in-markdown .step-command code').textContent())?.trimEnd(),
        'echo here too',
      );
    }));
}
