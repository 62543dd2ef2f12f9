import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { ServerMessage } from '../../core/protocol/server-message.ts';
import { TrialCheckout, TrialPage } from './live-trial.ts';

type Ask = Extract<ServerMessage, { kind: 'ask' }>;

const dangerous = `
~~~sh step=first danger="Deletes the first"
echo first >>~/ran
~~~

~~~sh step=second danger="Deletes the second"
echo second >>~/ran
~~~

~~~sh step=ran
cat ~/ran
~~~
`;

suite('questions about dangerous steps', () => {
  const checkout = new TrialCheckout({ dangerous, quick: '~~~sh step=quick\ntrue\n~~~' });
  const patience = 400;
  const live = checkout.live({ unanswered: patience });
  after(() => checkout.close());
  const open = (lab?: string, runbook = 'dangerous') => new TrialPage(live, checkout).hello(runbook, lab);
  const asks = (page: TrialPage): Ask[] => page.messages.filter((message): message is Ask => message.kind === 'ask');
  const asked = async (page: TrialPage, count: number): Promise<Ask> => {
    await page.until(`question ${count}`, () => asks(page).length >= count);
    return asks(page)[count - 1] ?? assert.fail();
  };
  const answer = (page: TrialPage, { ask }: Ask, how: 'run' | 'rest' | 'refuse') =>
    page.send({ kind: 'answer', ask, answer: how });
  const reasonOf = (page: TrialPage, step: string) => page.steps.get(step)?.outcome?.reason ?? '';

  test('are asked on every page on the runbook, and the first answer counts', async () => {
    const page = await open();
    const other = await open();
    const elsewhere = await open(undefined, 'quick');
    const running = page.runs('all');
    const question = await asked(page, 1);
    const { ask: _, ...what } = question;
    assert.deepEqual(what, {
      kind: 'ask',
      runbook: 'dangerous',
      lab: 'two',
      step: 'first',
      host: 'alpha',
      command: 'echo first >>~/ran',
      danger: 'Deletes the first',
      disposable: true,
    });
    assert.equal(page.steps.get('first')?.status, 'queued');
    answer(other, await asked(other, 1), 'run');
    answer(page, question, 'refuse');
    const later = await open();
    answer(later, await asked(later, 1), 'run');
    await running;
    assert.deepEqual([page.run?.verdict, page.steps.get('ran')?.outcome?.output], ['passed', 'first\nsecond']);
    assert.deepEqual(asks(elsewhere), []);
    const answered = (each: TrialPage) => each.messages.filter(({ kind }) => kind === 'answered').length;
    assert.deepEqual([answered(page), answered(other), answered(elsewhere)], [2, 2, 0]);
    for (const each of [page, other, elsewhere, later]) each.gone();
  });

  test('are not asked again in the run where the reader said so, on a lab made to be thrown away', async () => {
    const page = await open();
    const running = page.runs('all');
    answer(page, await asked(page, 1), 'rest');
    await running;
    assert.deepEqual([page.run?.verdict, asks(page).length], ['passed', 1]);
    const again = page.runs('all');
    answer(page, await asked(page, 2), 'rest');
    await again;
    page.gone();
  });

  test('are asked each time on another lab', async () => {
    const page = await open('kept');
    const running = page.runs('all');
    const question = await asked(page, 1);
    assert.equal(question.disposable, false);
    answer(page, question, 'rest');
    await page.until('it is refused', () =>
      page.messages.some((message) => message.kind === 'refused' && /not made to be thrown away/.test(message.what)),
    );
    assert.equal(page.steps.get('first')?.status, 'queued');
    answer(page, question, 'refuse');
    await running;
    assert.equal(reasonOf(page, 'first'), 'was not confirmed by the reader');
    assert.deepEqual([page.run?.verdict, page.steps.get('second')?.outcome?.verdict], ['skipped', 'skipped']);
    await page.act('down');
    page.gone();
  });

  test('that nobody is there to answer are refused after a while', async () => {
    const page = await open();
    const watching = await open(undefined, 'quick');
    const running = page.runs('all');
    await asked(page, 1);
    const began = performance.now();
    page.gone();
    await watching.until('the lab is free', () => watching.labs.get('two')?.busy === undefined);
    await assert.rejects(watching.runs('all'), /dangerous runs/);
    const other = await open();
    assert.equal((await asked(other, 1)).step, 'first', 'a page that comes back is asked');
    other.gone();
    const last = performance.now();
    void running.catch(() => undefined);
    const back = async () => {
      for (;;) {
        await delay(10);
        try {
          return await watching.runs('step', 'quick');
        } catch (error) {
          assert.match(String(error), /dangerous runs/);
        }
      }
    };
    await back();
    assert.ok(performance.now() - last >= patience - 20 && last - began < 60_000);
    const after = await open();
    assert.match(reasonOf(after, 'first'), /no page was open/);
    after.gone();
    watching.gone();
  });

  test('end with the run', async () => {
    const page = await open();
    const running = page.runs('all');
    await asked(page, 1);
    await page.stop();
    await running;
    assert.match(reasonOf(page, 'first'), /was stopped before it was confirmed/);
    assert.equal(page.messages.filter(({ kind }) => kind === 'answered').length, 1);
    page.gone();
  });
});
