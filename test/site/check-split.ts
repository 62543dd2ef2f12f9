import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Site } from './site.ts';

/** Steps whose fences stand in several places: each is shown where it was written, and once. */
export function checkSplit(site: () => Site): void {
  const places: readonly (readonly [step: string, text: string, place: string])[] = [
    ['in-tabs', 'uname', '[role=tabpanel]:nth-of-type(2)'],
    ['in-tabs', 'ver', '[role=tabpanel]:nth-of-type(3)'],
    ['common', 'echo same', '[role=tabpanel]:nth-of-type(2)'],
    ['common', 'echo same indeed', '[role=tabpanel]:nth-of-type(3)'],
    ['items', 'echo item 1', 'ol > li:nth-child(1)'],
    ['items', 'echo item 2', 'ol > li:nth-child(2)'],
    ['asides', 'echo note', '.starlight-aside--note'],
    ['asides', 'echo tip', '.starlight-aside--tip'],
    ['cards', 'echo card 1', '.card:nth-child(1)'],
    ['cards', 'echo card 2', '.card:nth-child(2)'],
    ['starlight-steps', 'echo first', '.sl-steps > li:nth-child(1)'],
    ['starlight-steps', 'echo second', '.sl-steps > li:nth-child(2)'],
    ['quotes', 'echo quote 1', 'blockquote'],
    ['quotes', 'echo quote 2', '.starlight-aside'],
  ];
  for (const [step, text, place] of places)
    test(`shows \`${text}\` of ${step} in ${place}`, () =>
      site().plainly('/cases/split/', async (page) => {
        const code = page.locator(`:is(#step-${step}, [data-part-of=${step}]) .step-command code`, {
          hasText: new RegExp(`^\\s*${text}\\s*$`),
        });
        assert.equal(await code.count(), 1);
        const placed = await code.evaluate((element, selector) => element.closest(selector) !== null, place);
        assert.ok(placed, await page.locator('.sl-markdown-content').innerHTML());
      }));

  test('leaves no place empty and no fence out', () =>
    site().plainly('/cases/split/', async (page) => {
      const count = (selector: string): Promise<number> => page.locator(selector).count();
      const [steps, commands, expectations] = [
        await count('section.tejun-step'),
        await count('.tejun-step .step-command .variant'),
        await count('.tejun-step .step-expected .variant'),
      ];
      assert.deepEqual({ steps, commands, expectations }, { steps: 9, commands: 17, expectations: 7 });
    }));

  test('keeps the order of commands, words and expectations in one place', () =>
    site().plainly('/cases/split/', async (page) => {
      const parts = await page
        .locator('#step-prose > *')
        .evaluateAll((all) =>
          all.map((part) => (part.classList[0] ? `${part.classList[0]}` : part.textContent?.trim())),
        );
      assert.deepEqual(parts, [
        'step-head',
        'step-command',
        'and with cmd',
        'step-command',
        'it prints its name:',
        'step-expected',
        'or',
        'step-expected',
        'step-recorded',
      ]);
    }));

  test('shows what is expected of variants in tabs in their tabs', () =>
    site().plainly('/cases/split/', async (page) => {
      const [linux, windows] = [page.locator('#step-in-tabs'), page.locator('[data-part-of=in-tabs]')];
      assert.equal(await linux.locator('.step-expected .output').textContent(), 'Linux');
      assert.equal(await windows.locator('.step-expected .output').textContent(), 'Microsoft Windows');
      assert.equal(await linux.locator('.step-recorded .output').textContent(), 'Linux');
      assert.match((await windows.locator('.step-recorded').textContent()) ?? '', /10\.0\.19045/);
    }));

  test('warns at each command of what is at stake', () =>
    site().plainly('/cases/split/', async (page) => {
      for (const place of ['#step-cards', '[data-part-of=cards]'])
        assert.match((await page.locator(`${place} .step-danger`).textContent()) ?? '', /Takes a card/);
    }));

  test('gives the options of a fence to Expressive Code', () =>
    site().plainly('/cases/split/', async (page) => {
      const command = page.locator('#step-looks .step-command figure');
      assert.match((await page.locator('#step-looks .step-danger').textContent()) ?? '', /Says "one" & two/);
      assert.equal(await command.locator('figcaption .title').textContent(), 'a.sh');
      assert.deepEqual(await command.locator('.ec-line.mark').allTextContents(), ['echo two']);
      assert.deepEqual(await command.locator('ins').allTextContents(), ['two']);
      const expected = page.locator('#step-looks .step-expected figure');
      assert.equal(await expected.locator('figcaption .title').textContent(), 'out.txt');
      assert.deepEqual(await expected.locator('.ec-line.mark').allTextContents(), ['one']);
    }));
}
