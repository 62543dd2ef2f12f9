import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Browser, Page } from '@playwright/test';
import { loadLab } from '../../runner/labs/load.ts';
import { on } from '../../runner/labs/network-trial.ts';
import { expect, Reader, startChromium } from './chromium.ts';
import { seriousFaults } from './faults.ts';
import { ServedBook, trialBook, wholeBook } from './served-book.ts';

suite('the live picture of who is what', { timeout: 180_000 }, () => {
  const book = new ServedBook(4737, trialBook);
  cpSync(join(wholeBook, 'labs', 'linux-ha'), join(book.root, 'labs', 'linux-ha'), { recursive: true });
  let browser: Browser;
  let reader: Reader;
  let page: Page;

  before(async () => {
    browser = await startChromium();
    const address = await book.start();
    reader = await Reader.arrive(browser, book.origin);
    page = reader.page;
    await reader.enter(address);
    await expect(page.getByRole('heading', { name: 'The trial book' })).toBeVisible();
  });
  after(async () => {
    await browser?.close();
    await book.close();
  });

  test('is not on a page whose lab has one server', async () => {
    await page.goto(`${book.origin}/trial/steps/`);
    await expect(page.getByRole('button', { name: /^Run all/ })).toBeEnabled({ timeout: 30_000 });
    await expect(page.locator('.bar-topology')).toHaveCount(0);
  });

  test('a step draws what it found, and the picture changes with the servers and says so', async () => {
    await page.goto(`${book.origin}/trial/servers/`);
    await page.getByRole('button', { name: /^Run all/ }).click();
    await expect(page.locator('#step-nodes .step-badge')).toContainText('passed', { timeout: 60_000 });
    const drawn = page.locator('#step-nodes .step-live svg');
    await expect(drawn).toHaveCount(1);
    await expect(drawn.getByText('primary', { exact: true })).toHaveCount(2);

    await page.getByRole('button', { name: 'Who is what', exact: true }).click();
    const live = page.getByRole('region', { name: 'Who is what' });
    await expect(live.getByText(/^postgres1 is primary/)).toHaveText(
      'postgres1 is primary; postgres2 and postgres3 are standby. Pgpool-II on pgpool1 sees the same.',
    );
    await live.getByText('As text').click();
    assert.deepEqual(await seriousFaults(page), []);

    const lab = loadLab('linux-ha', { root: book.root });
    const pcp = (command: string): string =>
      on(lab, 'pgpool1', `${command} --no-password --username=pgpool --node-id=2`);
    pcp('pcp_detach_node');
    await expect(live.getByRole('row', { name: /^postgres3/ })).toContainText('down, standby');
    await expect(page.getByRole('status').filter({ hasText: 'postgres3 is down, standby now' })).toHaveCount(1);
    await expect(live).toContainText('Pgpool-II takes postgres3 for down, but PostgreSQL there is up.');
    await expect(live.locator('svg').getByText('≠ they disagree')).toHaveCount(1);
    await page.screenshot({ path: book.picture('topology-differs') });
    await page.setViewportSize({ width: 360, height: 740 });
    await page.screenshot({ path: book.picture('topology-phone') });
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 360);
    assert.deepEqual(await seriousFaults(page), []);

    pcp('pcp_attach_node');
    await expect(live.getByText(/Pgpool-II on pgpool1 sees the same\.$/)).toBeVisible();
    await expect(live.locator('.topology-differ')).toBeHidden();
    await expect(live.locator('svg').getByText('≠ they disagree')).toHaveCount(0);
  });

  test('nothing went wrong unseen', () => reader.leave());
});
