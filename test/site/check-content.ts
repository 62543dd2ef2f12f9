import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Site } from './site.ts';

/** Several labs, Japanese pages, pages that never ran. */
export function checkContent(site: () => Site): void {
  test('shows all labs and all variants one below the other', () =>
    site().plainly('/cases/labs/', async (page) => {
      const recorded = page.locator('#step-where .recorded');
      assert.deepEqual(await recorded.locator('.label').allTextContents(), ['✓ linux', '✓ windows']);
      assert.deepEqual(await recorded.locator('.output').allTextContents(), ['/home/postgres', 'C:\\Users\\postgres']);
      for (const part of await page.locator('.recorded, .step-command .variant').all())
        assert.ok(await part.isVisible());
      const labels = await page.locator('#step-where .step-command .label').allTextContents();
      assert.deepEqual(labels, ['Linux', 'Windows']);
      const when = await page
        .locator('#step-where .step-command .variant')
        .evaluateAll((all) => all.map((variant) => variant.getAttribute('data-when')));
      assert.deepEqual(when, ['os=linux', 'os=windows']);
      assert.equal(await page.locator('#step-one-only .step-state').textContent(), '✓ linux – windows');
      assert.match((await page.locator('#step-one-only').textContent()) ?? '', /not yet run on windows/);
      const lines = await page.locator('.tejun-page p').allTextContents();
      assert.match(lines[0] ?? '', /^3 of 3 steps verified on PostgreSQL 15\.18 · linux/);
      assert.match(lines[1] ?? '', /^2 of 3 steps verified on PostgreSQL 15\.18 · windows .* 1 not yet run/);
    }));

  test('says with which other versions a step passed as it is now', () =>
    site().plainly('/cases/labs/', async (page) => {
      const also = page.getByText('also verified on');
      assert.deepEqual(
        (await also.allTextContents()).map((text) => text.trim()),
        [
          '· also verified on PostgreSQL 9.4, 10.4 (1 of 3) · 2026-11-20',
          'also verified on PostgreSQL 9.4, 10.4',
          'also verified on PostgreSQL 9.4',
          'also verified on PostgreSQL 9.4',
        ],
      );
      assert.equal(await page.locator('#step-one-only [data-lab=windows]').getByText('9.4').count(), 1);
      assert.equal(await page.locator('p[data-lab=linux], .recorded[data-lab=linux]').getByText('also').count(), 0);
    }));

  test('says that a page was never run', () =>
    site().plainly('/cases/never-run/', async (page) => {
      assert.equal(await page.locator('.tejun-page').textContent(), '1 step, not yet run on any lab.');
      assert.equal(await page.locator('.recorded').count(), 0);
      assert.equal(await page.locator('#step-first .step-expected .output').textContent(), 'first');
    }));

  test('shows the dashes of an option as they are written', () =>
    site().plainly('/plain/', async (page) => {
      assert.equal(await page.locator('main h2').first().textContent(), 'An option: --switchover ... and “quotes”');
    }));

  test('shows who was what after a step, as a picture and as text, and where views differ', () =>
    site().plainly('/cases/topology/', async (page) => {
      const words = await page.locator('#step-believed svg text').allTextContents();
      assert.equal(words.filter((word) => word === '≠ they disagree').length, 2);
      assert.equal(words.filter((word) => word === 'primary').length, 2);
      const figure = page.locator('#step-believed .tejun-topology');
      assert.match(
        (await figure.locator('p').textContent()) ?? '',
        /^They disagree: Pgpool-II calls postgres1 standby, /,
      );
      const rows = await figure.locator('tbody tr').allTextContents();
      assert.match(rows[1] ?? '', /^postgres2 \(192\.168\.1\.229\)standby, .*up, primary$/);
      assert.equal(await page.locator('#step-healthy .tejun-topology p').count(), 0);
      assert.equal(await page.locator('#step-standby-down svg [stroke-dasharray]').count(), 2);
      await page.goto(`${site().origin}/ja/cases/topology/`);
      assert.match((await figure.locator('figcaption').textContent()) ?? '', /^postgres1 はプライマリ、/);
    }));

  test('computes from recordings how each finding stands', () =>
    site().plainly('/findings/', async (page) => {
      const headings = (await page.locator('.finding h2').allTextContents()).map((text) =>
        text.replace(/\s+/g, ' ').trim(),
      );
      assert.deepEqual(headings, ['F1 – reported only', 'F2 ◐ reproduced in part', 'F9 ✓ reproduced']);
      const link = page.locator('.finding:has(#f9) li a');
      assert.match((await link.getAttribute('href')) ?? '', /\/cases\/outcomes\/#step-volatile$/);
      assert.match((await page.locator('.finding:has(#f2)').textContent()) ?? '', /Not seen again on Windows so far/);
      assert.match((await page.locator('.finding:has(#f1)').textContent()) ?? '', /It is advice/);
    }));

  test('adds nothing to a page without steps', () =>
    site().plainly('/plain/', async (page) => {
      assert.equal(await page.locator('[class*=tejun]').count(), 0);
    }));

  test('shows on a Japanese page what was recorded of the same steps of the English page', () =>
    site().plainly('/ja/cases/outcomes/', async (page) => {
      assert.equal(await page.locator('html').getAttribute('lang'), 'ja');
      assert.equal(await page.locator('.tejun-page').getAttribute('data-runbook'), 'ja/cases/outcomes');
      assert.match(
        (await page.locator('.tejun-page').textContent()) ?? '',
        /^全 3 手順中 2 手順を検証済み: PostgreSQL 15\.18/,
      );
      assert.deepEqual(await page.locator('.step-state').allTextContents(), ['✓ 検証済み', '✓ 検証済み', '– 未実行']);
      assert.equal(await page.locator('#step-volatile .recorded .output').textContent(), '741');
      const cast = await page.locator('#step-volatile .recorded').getAttribute('data-cast');
      assert.equal(cast, '/recordings/cases/outcomes/linux/postgres1.cast');
    }));

  test('joins the lines of Japanese paragraphs without blanks', () =>
    site().plainly('/ja/cases/outcomes/', async (page) => {
      assert.equal(
        await page.locator('.tejun-page + p').textContent(),
        '記録された手順の結果を日本語のページで確かめる。レプリケーション、複製。',
      );
    }));

  test('shows an English page in Japanese surroundings where there is no translation', () =>
    site().plainly('/ja/cases/never-run/', async (page) => {
      assert.equal(await page.locator('.tejun-page').getAttribute('data-runbook'), 'cases/never-run');
      assert.match((await page.locator('body').textContent()) ?? '', /このページの日本語版はまだありません/);
    }));
}
