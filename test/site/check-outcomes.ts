import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from '@playwright/test';
import { abbreviated } from '../../core/runbook/step-hash.ts';
import { recordedOn } from './recorded-book.ts';
import type { Site } from './site.ts';

const path = '/cases/outcomes/';

/** Every way in which a step can have ended, as a reader without scripts sees it. */
export function checkOutcomes(site: () => Site): void {
  const on = (use: (page: Page) => Promise<void>) => () => site().plainly(path, use);
  const text = async (page: Page, selector: string): Promise<string> =>
    (await page.locator(selector).first().textContent()) ?? '';

  test(
    'tells of every step how it stands',
    on(async (page) => {
      const states = await page
        .locator('.tejun-step')
        .evaluateAll((steps) =>
          steps.map((step) => [step.getAttribute('data-step'), step.querySelector('.step-state')?.textContent]),
        );
      assert.deepEqual(Object.fromEntries(states), {
        exact: '✓ verified',
        volatile: '✓ verified',
        'uses-value': '✓ verified',
        silent: '✓ verified',
        'no-expectation': '✓ verified',
        long: '✓ verified',
        waits: '✓ verified',
        server: '✓ verified',
        'other-lines': '✗ failed',
        'other-cells': '✗ failed',
        errored: '✗ could not be executed',
        'timed-out': '✗ timed out',
        skipped: '– skipped',
        stale: '⚠ stale',
        new: '– not yet run',
      });
    }),
  );

  test(
    'sums them up at the top',
    on(async (page) => {
      const summary = page.locator('.tejun-page');
      assert.equal(await summary.getAttribute('data-runbook'), 'cases/outcomes');
      assert.equal(await summary.getAttribute('data-lab'), 'linux');
      assert.equal(await summary.getAttribute('data-checkpoint'), 'ready');
      assert.match(
        (await summary.textContent()) ?? '',
        /^8 of 15 steps verified on PostgreSQL 15\.18 · Pgpool-II 4\.3\.5 · linux · 2026-11-20 · 2 failed · 1 could not be executed · 1 timed out · 1 skipped · 1 stale · 1 not yet run /,
      );
    }),
  );

  test(
    'has the attributes that the client needs',
    on(async (page) => {
      const hashes = site().book.hashes('cases/outcomes');
      const steps = await page.locator('.tejun-step').evaluateAll((all) =>
        all.map((step) => ({
          id: step.id,
          ...Object.fromEntries([...step.attributes].map(({ name, value }) => [name.replace('data-', ''), value])),
          parts: [...step.children].map((child) => child.classList[0]),
        })),
      );
      assert.deepEqual(
        steps.map((step) => step.hash),
        [...hashes.values()].map(abbreviated),
      );
      const find = (id: string) => steps.find((step) => step.step === id) ?? assert.fail(id);
      assert.equal(find('waits').id, 'step-waits');
      assert.equal(find('waits').host, 'pgpool1');
      assert.equal(find('waits').until, '60000');
      assert.equal(find('exact').host, 'postgres1', 'from the front matter');
      assert.equal(find('no-expectation').exit, '3');
      assert.ok('background' in find('server'));
      assert.ok('cleanup' in find('new'));
      assert.equal(find('skipped').danger, 'Deletes the data directory and all that is in it');
      assert.deepEqual(find('other-lines').parts, [
        'step-head',
        'step-command',
        'step-expected',
        'step-recorded',
        'step-hints',
      ]);
    }),
  );

  test(
    'shows output once when it is what the page says already',
    on(async (page) => {
      assert.equal(await text(page, '#step-exact .step-expected .label'), 'Output, exactly as expected');
      assert.equal(await text(page, '#step-exact .step-expected .output'), '1');
      assert.equal(await page.locator('#step-exact .recorded .output').count(), 0);
      assert.equal(await text(page, '#step-silent .step-expected .quiet'), 'No output.');
      assert.equal(await page.locator('#step-silent .recorded .quiet').count(), 0);
    }),
  );

  test(
    'shows what came in front of what may come, and the command as it ran',
    on(async (page) => {
      assert.equal(await text(page, '#step-volatile .recorded .output'), '741');
      const parts = await page.locator('#step-volatile > *').evaluateAll((all) => all.map((part) => part.classList[0]));
      assert.ok(parts.indexOf('step-recorded') < parts.indexOf('step-expected'));
      assert.equal(await text(page, '#step-volatile .step-expected summary'), 'Expected');
      assert.equal(await text(page, '#step-volatile .step-expected i'), '{{xid:int}}');
      assert.equal(await text(page, '#step-uses-value .ran-as code'), `psql -c "select pg_xact_status('741')"`);
      assert.equal(
        await text(page, '#step-uses-value .output'),
        ' pg_xact_status \n----------------\n committed\n(1 row)\n',
      );
    }),
  );

  test(
    'says on what, when and for how long',
    on(async (page) => {
      assert.equal(
        await text(page, '#step-waits .recorded-foot'),
        'verified on Pgpool-II 4.3.5 · linux · 2026-11-20 · 4.2 s · 3 attemptsReplay',
      );
      assert.equal(await page.locator('#step-waits time').getAttribute('datetime'), recordedOn);
      assert.match(await text(page, '#step-no-expectation .recorded-foot'), /12 ms · exit code 3/);
      assert.match(await text(page, '#step-waits .step-notes'), /repeats for up to 1 min/);
      assert.match(await text(page, '#step-volatile a.step-notes >> nth=1'), /finding F9/);
      assert.match(await text(page, '#step-server .step-notes'), /goes on in the background/);
    }),
  );

  test(
    'folds the end of a long output, and drops nothing of it',
    on(async (page) => {
      const outputs = await page.locator('#step-long .recorded .output').allTextContents();
      assert.equal(outputs.length, 2);
      assert.equal(outputs.join('\n'), Array.from({ length: 60 }, (_, index) => `${index + 1}`).join('\n'));
      assert.equal(await text(page, '#step-long .recorded summary'), '40 more lines');
    }),
  );

  test(
    'shows the difference of what failed, with signs',
    on(async (page) => {
      const rows = await page.locator('#step-other-lines .diff > *').allTextContents();
      assert.deepEqual(rows, ['  one', '- two', '+ zwei', '  three']);
      assert.equal(await text(page, '#step-other-lines .reason'), 'output is not as expected');
      assert.match(await text(page, '#step-other-lines .recorded-foot'), /^failed on/);
      assert.equal(
        await text(page, '#step-other-cells .diff > :last-child'),
        '~ node_id: 1 | role: -[standby] +[primary]',
      );
      assert.match(await text(page, '#step-other-cells .recorded .output'), /1 {7}\| primary/);
    }),
  );

  test(
    'says why a step could not be executed, and never that it passed',
    on(async (page) => {
      assert.equal(await text(page, '#step-errored .reason'), 'cat waits for keys that nobody will type');
      assert.equal(await text(page, '#step-timed-out .reason'), 'the time limit of 1 s was reached');
      for (const step of ['other-lines', 'other-cells', 'errored', 'timed-out', 'skipped', 'stale', 'new'])
        assert.doesNotMatch(await text(page, `#step-${step}`), /verified/, step);
    }),
  );

  test(
    'warns of what was recorded before the step was changed',
    on(async (page) => {
      const stale = page.locator('#step-stale');
      assert.match((await stale.textContent()) ?? '', /This step was changed after it was recorded/);
      assert.equal(await text(page, '#step-stale .step-expected .output'), 'changed since');
      assert.equal(await text(page, '#step-stale .recorded .output'), 'as it was');
      assert.match(await text(page, '#step-stale .recorded-foot'), /^stale, recorded on/);
    }),
  );

  test(
    'tells what is at stake, and what to do when it fails',
    on(async (page) => {
      assert.equal(
        await text(page, '#step-skipped .step-danger'),
        'Asks before it runs: Deletes the data directory and all that is in it',
      );
      const hints = await page.locator('#step-other-lines .step-hints p').allTextContents();
      assert.deepEqual(hints, ['When “two” is missing: Somebody counts in German here.', 'Count again.']);
      assert.equal(await text(page, '#step-other-lines .step-hints code'), 'German');
    }),
  );
}
