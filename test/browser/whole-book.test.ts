import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Browser } from '@playwright/test';
import { whyElsewhere } from '../../core/runbook/elsewhere.ts';
import { readRunbooks } from '../../runner/runbooks/read-runbooks.ts';
import { expect, Reader, startChromium } from './chromium.ts';
import { ServedBook, wholeBook } from './served-book.ts';

// The proof of the whole: every page of chapter 4 on Linux, all steps run from the browser, all pass.
suite('chapter 4 in a browser', { timeout: 600_000 }, () => {
  const book = new ServedBook(4732, wholeBook);
  const pages = readdirSync(join(book.root, 'content/docs/operations')).map((name) => name.replace('.mdx', ''));
  // It compares the others, and has no steps.
  const chapter = pages.filter((name) => name !== 'windows');
  let browser: Browser;
  let reader: Reader;

  before(async () => {
    browser = await startChromium();
    const address = await book.start();
    reader = await Reader.arrive(browser, book.origin);
    await reader.enter(address);
  });
  after(async () => {
    await browser?.close();
    await book.close();
  });

  for (const name of chapter) {
    test(`all steps of ${name} pass`, async () => {
      const { page } = reader;
      await page.goto(`${book.origin}/operations/${name === 'index' ? '' : `${name}/`}`);
      const steps = await page.locator('.tejun-step').count();
      assert.ok(steps > 0, 'the page has steps');
      const [runbook] = readRunbooks(book.root, [`operations/${name}`]);
      const here = runbook?.steps.filter((step) => whyElsewhere(step, { os: 'linux' }) === undefined).length;
      const dangerous = await page.locator('.tejun-step[data-danger]').count();
      await page.getByRole('button', { name: /^Run all/ }).click();
      if (dangerous > 0) {
        const rest = page.getByRole('dialog').getByRole('button', { name: /don’t ask again/ });
        await rest.click({ timeout: 120_000 });
      }
      await expect(page.locator('.bar-summary')).toContainText(`${here} of ${steps} passed`, { timeout: 120_000 });
      await expect(page.locator('.step-badge[data-state="passed"]')).toHaveCount(here ?? 0);
    });
  }

  test('nothing went wrong unseen', () => reader.leave());
});
