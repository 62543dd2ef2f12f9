import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expect } from '@playwright/test';
import type { Site } from './site.ts';

/** Ages, tabs, replays and the search. */
export function checkScripts(site: () => Site): void {
  test('loads nothing of the client, the tabs and the player before they are needed', () =>
    site().read('/', async (page) => {
      const loaded: string[] = [];
      page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
      await page.goto(`${site().origin}/cases/outcomes/`, { waitUntil: 'networkidle' });
      assert.deepEqual(
        loaded.filter((path) => /live|tabs|replay|xterm|asciinema|\.cast/.test(path)),
        [],
      );
    }));

  for (const [path, words] of [
    ['/cases/outcomes/', '(14 days ago)'],
    ['/ja/cases/outcomes/', '(14 日前)'],
  ] as const)
    test(`says how old a recording is by the reader's clock on ${path}`, () =>
      site().read('/', async (page) => {
        await page.clock.setFixedTime('2026-12-05T08:00:00Z');
        await page.goto(`${site().origin}${path}`);
        await expect(page.locator('#step-exact time')).toHaveText(`2026-11-20 ${words}`);
        await expect(page.locator('.tejun-page time')).toHaveText(`2026-11-20 ${words}`);
      }));

  test('makes tabs of labs that follow each other and the keyboard', () =>
    site().read('/cases/labs/', async (page) => {
      const tabs = page.locator('#step-where .step-recorded').getByRole('tab');
      await expect(tabs).toHaveText(['✓ linux', '✓ windows']);
      await expect(page.locator('#step-where .step-recorded').getByRole('tabpanel')).toHaveText(/home/);
      await tabs.first().focus();
      await page.keyboard.press('ArrowRight');
      await expect(tabs.last()).toBeFocused();
      await expect(tabs.last()).toHaveAttribute('aria-selected', 'true');
      await expect(page.locator('#step-where .step-recorded').getByRole('tabpanel')).toHaveText(/Users/);
      // The command is the lab's, and the other steps follow.
      await expect(page.locator('#step-where .step-command').getByRole('tabpanel')).toHaveText(/cd/);
      await expect(page.locator('#step-both-verified').getByRole('tab', { selected: true })).toHaveText('✓ windows');
      await page.keyboard.press('Home');
      await expect(tabs.first()).toBeFocused();
      await expect(page.locator('#step-where .step-command').getByRole('tabpanel')).toHaveText(/pwd/);
    }));

  test('replays a step from where it began to where it ended, and closes again', () =>
    site().read('/cases/outcomes/', async (page) => {
      const complaints: string[] = [];
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      const step = page.locator('#step-volatile');
      await step.getByRole('button', { name: 'Replay' }).click();
      const player = step.locator('.player');
      await expect(player.locator('.ap-term')).toBeVisible();
      await expect(player).toContainText('$ volatile');
      await expect(player).toContainText('741');
      await expect(player).not.toContainText('uses-value');
      await step.getByRole('button', { name: 'Close' }).click();
      await expect(player).toHaveCount(0);
      assert.deepEqual(complaints, []);
    }));

  test('replays the whole run of a host', () =>
    site().read('/cases/outcomes/', async (page) => {
      await page.getByRole('button', { name: 'Play the whole run: pgpool1' }).click();
      await expect(page.locator('.tejun-page .player')).toContainText('$ waits');
    }));

  for (const [path, word, title] of [
    ['/', 'committed', 'All outcomes'],
    ['/', 'recorded', 'All outcomes'],
    ['/ja/', 'レプリケーション', 'すべての結果'],
    ['/ja/', '複製', 'すべての結果'],
  ] as const)
    test(`finds ${word} from ${path}`, () =>
      site().read(path, async (page) => {
        await page.locator('[data-open-modal]').click();
        await page.locator('dialog input').fill(word);
        await expect(page.locator('dialog .pagefind-ui__result-title, dialog [class*=result] a').first()).toContainText(
          title,
        );
      }));
}
