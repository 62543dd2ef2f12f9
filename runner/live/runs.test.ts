import assert from 'node:assert/strict';
import { globSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import type { DiffRow } from '../../core/expectation/model.ts';
import type { ServerMessage, StepView } from '../../core/protocol/server-message.ts';
import { TrialCheckout, TrialPage } from './live-trial.ts';

const counting = `
~~~sh step=count host=alpha
for i in 1 2 3; do echo line $i; sleep 0.3; done
number=7
~~~

~~~expect
line 1
line 2
line {{last:int}}
~~~

~~~sh step=use host=alpha
echo $number {{last}} \${HOSTNAME%%.*}
~~~

~~~expect
7 3 alpha
~~~

~~~sh step=other host=beta
hostname
~~~
`;

const pages = {
  'a/counting': counting,
  slow: '~~~sh step=endless host=alpha timeout=10m\necho begun\nsleep 1000\n~~~\n\n~~~sh step=after\ntrue\n~~~',
  quick: '~~~sh step=quick\ntrue\n~~~',
  wrong: '~~~sh step=wrong bogus=1\ntrue\n~~~',
  failing:
    '~~~sh step=fails\necho one; echo two\n~~~\n\n~~~expect\none\nthree\n~~~\n\n~~~hint missing="three"\nLook at three.\n~~~\n\n~~~sh step=never\ntrue\n~~~',
  until: '~~~sh step=grows until=20s\necho x >>grown; wc -l <grown\n~~~\n\n~~~expect\n3\n~~~',
  plain: '~~~sh step=plain\necho first; sleep 0.4; echo second\n~~~',
  sql: '~~~sql step=begin\nbegin; create table own (i int)\n~~~\n\n~~~sql step=look\nselect count(*) from own\n~~~\n\n~~~sql step=slow timeout=10m\nselect pg_sleep(1000)\n~~~',
  real: '~~~sh step=select\npsql -Atc "select 40 + 2"\n~~~\n\n~~~expect\n42\n~~~',
};

suite('runs that a page asks for', () => {
  const checkout = new TrialCheckout(pages);
  checkout.page(
    'secret',
    '~~~sh step=tell\necho {{password}}\n~~~',
    'lab: two\nvars: {password: ""}\nsecrets: [password]',
  );
  for (const id of ['real', 'sql'] as const) checkout.page(id, pages[id], 'lab: linux\ncheckpoint: ready');
  const live = checkout.live();
  after(() => checkout.close());
  const open = (runbook: string): Promise<TrialPage> => new TrialPage(live, checkout).hello(runbook);
  const viewsOf = (page: TrialPage, step: string): StepView[] =>
    page.messages.flatMap((message) => (message.kind === 'step' && message.view.step === step ? [message.view] : []));
  const kinds = (view: StepView | undefined): DiffRow['kind'][] => view?.diff?.rows.map(({ kind }) => kind) ?? [];

  test('a step runs on a lab that comes up for it, and its lines match one after the other', async () => {
    const page = await open('a/counting');
    assert.deepEqual([page.lab, page.steps.size, page.run?.status], ['two', 3, 'idle']);
    await page.runs('step', 'count');
    const views = viewsOf(page, 'count');
    assert.deepEqual([...new Set(views.map(({ status }) => status))], ['idle', 'queued', 'running', 'done']);
    const stages = [...new Set(views.filter(({ diff }) => diff).map((view) => kinds(view).join()))];
    // A machine with much to do may show one of them only when the next one has come.
    const all = ['matched,pending,pending', 'matched,matched,pending', 'matched,matched,matched'];
    assert.deepEqual(
      stages,
      all.filter((stage) => stages.includes(stage)),
    );
    assert.ok(stages.length > 1);
    assert.equal(stages.at(-1), all.at(-1));
    const last = page.steps.get('count');
    assert.equal(last?.outcome?.verdict, 'passed');
    assert.ok(last.elapsedMs >= 900);
    assert.ok(page.messages.some((message) => message.kind === 'run' && message.view.status === 'preparing'));
    assert.ok(page.messages.some((message) => message.kind === 'lab' && message.view.busy !== undefined));
    assert.deepEqual(
      page.labs.get('two')?.hosts.map(({ state, facts }) => [state, facts.os]),
      [
        ['ready', 'linux'],
        ['ready', 'linux'],
      ],
    );
  });

  test('later steps find the shell and the values of the earlier ones', async () => {
    const page = await open('a/counting');
    assert.deepEqual(page.run?.captures, { last: '3' });
    await page.runs('from', 'use');
    assert.deepEqual([page.run?.verdict, page.steps.get('other')?.outcome?.output], ['passed', 'beta']);
  });

  test('another page that comes later knows how the steps ended', async () => {
    const page = await open('a/counting');
    assert.deepEqual(
      [...page.steps.values()].map(({ outcome }) => outcome?.verdict),
      ['passed', 'passed', 'passed'],
    );
    const next = checkout.live();
    const other = await new TrialPage(next, checkout).hello('a/counting');
    const withoutPlace = ([id, view]: [string, StepView]) => [id, { ...view, place: undefined }];
    assert.deepEqual([...other.steps].map(withoutPlace), [...page.steps].map(withoutPlace), 'also from the logs');
    assert.deepEqual(other.run, page.run);
    await checkout.end(next);
  });

  test('all steps run on a lab that was reset', async () => {
    const page = await open('a/counting');
    const before = page.labs.get('two')?.instance;
    const from = page.messages.length;
    await page.runs('all');
    assert.equal(page.run?.verdict, 'passed');
    assert.notEqual(page.labs.get('two')?.instance, before);
    const dropped = page.messages
      .slice(from)
      .some((message) => message.kind === 'step' && message.view.status === 'idle');
    assert.ok(dropped, 'what was known is of another life');
  });

  test('what failed is shown with its diff and its hints, and ends the run', async () => {
    const page = await open('failing');
    await page.runs('all');
    const view = page.steps.get('fails');
    assert.deepEqual([view?.outcome?.verdict, view?.outcome?.diff], ['failed', undefined]);
    assert.deepEqual(kinds(view).toSorted(), ['matched', 'missing', 'unexpected']);
    assert.deepEqual(view?.outcome?.hints, ['Look at three.']);
    assert.equal(page.steps.get('never')?.outcome?.verdict, 'skipped');
    assert.equal(page.run?.verdict, 'failed');
  });

  test('the output of a step without an expectation is shown while it comes', async () => {
    const page = await open('plain');
    await page.runs('all');
    const outputs = viewsOf(page, 'plain').map(({ output }) => output);
    assert.ok(outputs.includes('first'));
    assert.equal(outputs.at(-1), 'first\nsecond');
  });

  test('a step with until tells its attempts and the time that they took', async () => {
    const page = await open('until');
    await page.runs('all');
    const { outcome, attempt, elapsedMs } = page.steps.get('grows') ?? assert.fail();
    assert.deepEqual([outcome?.verdict, outcome?.attempts, attempt], ['passed', 3, 3]);
    assert.ok(elapsedMs >= 125 && elapsedMs === Math.round(outcome?.durationMs ?? 0), `${elapsedMs}`);
  });

  test('what a page shows and the file does not have is not run', async () => {
    const page = await open('quick');
    const hash = page.steps.get('quick')?.hash ?? '';
    const ask = (steps: { id: string; hash: string }[], runbook = 'quick', lab = 'two') =>
      page.ask({ kind: 'run', runbook, lab, mode: 'all', steps });
    const right = { id: 'quick', hash };
    await assert.rejects(
      ask([{ id: 'quick', hash: 'f'.repeat(16) }]),
      /step quick of .*quick\.mdx was edited.*\nreload/,
    );
    assert.ok(page.messages.some(({ kind }) => kind === 'reload'));
    await assert.rejects(ask([{ id: 'quack', hash }]), /has no step quack/);
    await assert.rejects(ask([right, right]), /others than this page shows/);
    await assert.rejects(
      ask([right], 'quick', 'nowhere'),
      /there is no lab nowhere\nthere are kept, linux, still, two/,
    );
    for (const id of ['quack', '../docs/quick', './quick', 'a/../quick', '/quick', 'quick.mdx', 'a'])
      await assert.rejects(ask([right], id), /there is no page/, id);
    checkout.page('quick', pages.quick.replace('true', 'false'));
    await assert.rejects(ask([right]), /was edited/);
    checkout.page('quick', pages.quick);
    assert.equal(page.steps.get('quick')?.status, 'idle');
  });

  test('a page with mistakes tells them and runs nothing', async () => {
    const page = await open('wrong');
    const told = page.messages.find((message) => message.kind === 'refused');
    assert.match(told?.what ?? '', /wrong\.mdx:7:\d+: .*`bogus`/);
    const step = { id: 'wrong', hash: '0'.repeat(16) };
    await assert.rejects(
      page.ask({ kind: 'run', runbook: 'wrong', lab: 'two', mode: 'all', steps: [step] }),
      /`bogus`/,
    );
  });

  test('a lab whose file has mistakes is told, and the others work', async () => {
    checkout.write('labs/broken/lab.yaml', 'title: Broken\ndriver: nothing\nhosts: {a: {}}\n');
    const other = checkout.live();
    const page = await new TrialPage(other, checkout).hello('quick');
    assert.match(page.messages.find((message) => message.kind === 'refused')?.what ?? '', /lab\.yaml:2:1: driver: /);
    assert.deepEqual([page.lab, page.labs.has('broken')], ['two', false]);
    await assert.rejects(page.ask({ kind: 'lab', lab: 'broken', action: 'up' }), /lab\.yaml:2:1/);
    await checkout.end(other);
    rmSync(`${checkout.root}/labs/broken`, { recursive: true });
  });

  test('a missing secret is told before anything happens', async () => {
    const page = await open('secret');
    await assert.rejects(page.runs('all'), /the secret password has no value\nset TEJUN_VAR_password/);
  });

  test('a run is stopped, and meanwhile no other one begins on the lab', async () => {
    const page = await open('slow');
    const other = await open('quick');
    const running = page.runs('all');
    await page.until('it runs', () => page.steps.get('endless')?.output === 'begun');
    await assert.rejects(other.runs('all'), /the lab two is in use: slow runs\nwait/);
    await assert.rejects(other.act('reset'), /the lab two is in use: slow runs/);
    await assert.rejects(other.stop(), /what runs on the lab two is slow/);
    const began = performance.now();
    await page.stop();
    assert.ok(performance.now() - began < 5000);
    await running;
    assert.deepEqual([page.run?.status, page.run?.verdict], ['idle', 'errored']);
    assert.match(page.steps.get('endless')?.outcome?.reason ?? '', /was stopped/);
    assert.equal(page.steps.get('after')?.status, 'idle');
    await other.runs('step', 'quick');
    assert.equal(other.run?.verdict, 'passed');
  });

  test('a run is stopped while its lab comes up', async () => {
    const page = await open('real');
    const running = page.runs('all');
    await page.until('the lab comes up', () => page.labs.get('linux')?.busy !== undefined);
    await page.stop();
    await running;
    assert.deepEqual([page.run?.status, page.labs.get('linux')?.hosts[0]?.state], ['idle', 'down']);
  });

  test('steps in SQL share a connection over runs, until the lab is reset', async () => {
    const page = await open('sql');
    const end = async (step: string): Promise<string | undefined> => {
      await page.runs('step', step);
      return page.steps.get(step)?.outcome?.verdict;
    };
    assert.equal(await end('begin'), 'passed', page.steps.get('begin')?.outcome?.reason);
    // Only on the connection that began it can it be seen.
    assert.equal(await end('look'), 'passed', page.steps.get('look')?.outcome?.reason);
    assert.equal(page.steps.get('look')?.place, undefined, 'it has no place in a terminal');
    assert.equal(page.labs.get('linux')?.hosts[0]?.database, 'postgres');
    const slow = page.runs('step', 'slow');
    await page.until('it runs', () => page.steps.get('slow')?.status === 'running');
    await page.stop();
    await slow;
    assert.match(page.steps.get('slow')?.outcome?.reason ?? '', /was stopped/);
    await page.act('reset');
    assert.equal(await end('look'), 'failed');
  });

  test('PostgreSQL on the lab linux, and what its logs say', async () => {
    const page = await open('real');
    await page.runs('all');
    assert.equal(page.run?.verdict, 'passed', page.steps.get('select')?.outcome?.reason);
    assert.match(page.labs.get('linux')?.hosts[0]?.facts.pg ?? '', /^\d\d$/);
    const [log] = globSync(join(checkout.state, 'runs/*/real.jsonl')).map((path) => readFileSync(path, 'utf8'));
    assert.match(log ?? '', /"kind":"run-ended","at":[\d.]+,"verdict":"passed"/);
    await page.act('down');
    assert.equal(page.labs.get('linux')?.hosts[0]?.state, 'down');
    assert.equal(page.steps.get('select')?.status, 'idle');
  });

  test('a message that cannot be handled ends nothing', async () => {
    const page = await open('quick');
    const broken = { kind: 'watch', request: 999, lab: 'two', host: 'gamma', columns: 80, rows: 24 } as const;
    page.send(broken);
    const isRefusal = (message: ServerMessage) => message.kind === 'refused' && message.request === 999;
    await page.until('it is refused', () => page.messages.some(isRefusal));
    await page.runs('step', 'quick');
  });
});
