import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Browser } from '@playwright/test';
import { expect, Reader, startChromium } from './chromium.ts';
import { ServedBook, trialBook } from './served-book.ts';

suite("the author's mode", { timeout: 300_000 }, () => {
  const book = new ServedBook(4733, trialBook);
  const file = join(book.root, 'content/docs/trial/steps.mdx');
  const original = readFileSync(file, 'utf8');
  let browser: Browser;
  let reader: Reader;

  before(async () => {
    browser = await startChromium();
    const address = await book.start('dev');
    reader = await Reader.arrive(browser, book.origin);
    await reader.enter(address);
    await reader.page.goto(`${book.origin}/trial/steps/`);
    await expect(reader.page.getByRole('button', { name: /^Run all/ })).toBeEnabled({ timeout: 60_000 });
  });
  after(async () => {
    await browser?.close();
    await book.close();
  });

  test('nobody gets at the development server without the address', async () => {
    for (const path of ['/', '/trial/steps/', '/@vite/client', '/@fs/etc/passwd']) {
      assert.equal((await fetch(book.origin + path)).status, 401, path);
    }
  });

  test('an edited page is shown by itself, and its steps run as they are now', async () => {
    const { page } = reader;
    writeFileSync(file, original.replace('seq 3', 'seq 4'));
    await expect(page.locator('#step-plain .step-command')).toContainText('seq 4', { timeout: 10_000 });
    await expect(page.getByRole('button', { name: /^Run all/ })).toBeEnabled({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Run step plain', exact: true }).click();
    await expect(page.locator('#step-plain .step-output')).toHaveText('1\n2\n3\n4', { timeout: 60_000 });
  });

  test('a mistake in a fence is shown with file, line and hint, and goes away when it is mended', async () => {
    const { page } = reader;
    writeFileSync(file, original.replace('step=plain', 'step=plain hots=postgres1'));
    const line = original.split('\n').findIndex((text) => text.includes('step=plain')) + 1;
    const overlay = page.locator('vite-error-overlay, body');
    await expect(overlay.filter({ hasText: 'hots' }).first()).toBeVisible({ timeout: 20_000 });
    await expect(overlay.filter({ hasText: `steps.mdx:${line}` }).first()).toBeVisible();
    await expect(overlay.filter({ hasText: 'host' }).first()).toBeVisible();
    writeFileSync(file, original);
    await expect(page.locator('#step-plain .step-command')).toContainText('seq 3', { timeout: 20_000 });
  });
});
