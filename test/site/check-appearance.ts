import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { expect } from '@playwright/test';
import type { Site } from './site.ts';

const kinds = [
  '/',
  '/plain/',
  '/cases/outcomes/',
  '/cases/labs/',
  '/cases/topology/',
  '/findings/',
  '/cases/never-run/',
  '/cases/split/',
  '/cases/shows-parts/',
  '/ja/cases/outcomes/',
  '/404.html',
];

/** For everybody, on every screen, on paper. */
export function checkAppearance(site: () => Site): void {
  for (const colorScheme of ['light', 'dark'] as const)
    for (const path of kinds)
      test(`has no barriers on ${path} in ${colorScheme}`, () =>
        site().read(
          path,
          async (page) => {
            // Folded text is judged too.
            await page.locator('.tejun-step').evaluateAll((steps) => {
              for (const step of steps) for (const fold of step.querySelectorAll('details')) fold.open = true;
            });
            // Starlight's search button shows its shortcut too, which its name leaves out.
            const { violations } = await new AxeBuilder({ page }).exclude('[data-open-modal]').analyze();
            assert.deepEqual(
              violations.map(({ id, nodes }) => [id, nodes.map(({ html, failureSummary }) => [html, failureSummary])]),
              [],
            );
          },
          { colorScheme },
        ));

  test("fits a phone's width", () =>
    site().read(
      '/',
      async (page) => {
        for (const path of [...kinds, '/cases/hostile/', '/cases/places/']) {
          await page.goto(`${site().origin}${path}`);
          const [width, shown] = (await page.evaluate(
            '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
          )) as number[];
          assert.equal(width, shown, path);
        }
      },
      { viewport: { width: 360, height: 700 } },
    ));

  test('prints everything unfolded, and nothing that cannot be pressed on paper', () =>
    site().read('/cases/labs/', async (page) => {
      await expect(page.getByRole('tab').first()).toBeVisible();
      await page.emulateMedia({ media: 'print' });
      await expect(page.locator('.step-expected .variant').first()).toBeVisible();
      for (const part of await page.locator('.recorded, .variant, .step-host, .recorded .label').all())
        assert.ok(await part.isVisible(), (await part.textContent()) ?? '');
      for (const part of await page.locator('.replay, .lab-tabs').all()) assert.ok(!(await part.isVisible()));
      await page.goto(`${site().origin}/cases/outcomes/`);
      for (const text of await page.locator('.output, .step-hints p').all())
        assert.ok((await text.boundingBox())?.height, (await text.textContent()) ?? '');
    }));

  test('shows where the keyboard is', () =>
    site().read('/cases/outcomes/', async (page) => {
      await page.locator('#step-volatile .step-id').focus();
      for (const _ of [1, 2, 3]) {
        await page.keyboard.press('Tab');
        const focus = page.locator('.tejun-step :focus');
        const outline = await focus.evaluate((element) =>
          element.computedStyleMap?.().get('outline-style')?.toString(),
        );
        assert.notEqual(outline, 'none');
      }
    }));
}
