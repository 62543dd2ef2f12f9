import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, suite, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import type { ServerMessage } from '../../core/protocol/server-message.ts';
import { never, silent } from '../labs/lab-trial.ts';
import { loadLab } from '../labs/load.ts';
import { TrialCheckout, TrialPage } from './live-trial.ts';

const slow = `
~~~sh step=first host=alpha
echo first >>~/trace; echo token 42
~~~

~~~expect
token {{token:int}}
~~~

~~~sh step=slow host=alpha
echo begun; sleep 1; echo slow >>~/trace; echo ended
~~~

~~~expect
begun
ended
~~~

~~~sh step=last host=alpha
cat ~/trace; echo {{token}}
~~~

~~~expect
first
slow
42
~~~
`;

const program = join(import.meta.dirname, 'live-process.ts');

/** A runner in a process of its own, and what its page was told. */
class Runner {
  readonly child: ChildProcess;
  readonly messages: ServerMessage[] = [];
  #rest = '';

  constructor(root: string, ...args: string[]) {
    this.child = spawn(process.execPath, [program, root, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.child.stdout?.setEncoding('utf8').on('data', (data: string) => {
      const lines = `${this.#rest}${data}`.split('\n');
      this.#rest = lines.pop() ?? '';
      for (const line of lines) if (line.startsWith('{')) this.messages.push(JSON.parse(line) as ServerMessage);
    });
  }

  async until(what: string, isSo: (message: ServerMessage) => boolean): Promise<void> {
    for (const late = AbortSignal.timeout(20_000); !this.messages.some(isSo); ) {
      assert.equal(late.aborted || this.child.exitCode !== null, false, `waited in vain until ${what}`);
      await setTimeout(5);
    }
  }

  async kill(): Promise<void> {
    const exited = once(this.child, 'exit');
    assert.equal(this.child.exitCode, null, 'it is killed before it ends');
    this.child.kill('SIGKILL');
    await exited;
  }
}

const begun = (message: ServerMessage): boolean => message.kind === 'output' && message.data.includes('begun\r\n');

suite('a runner that ends', () => {
  const checkout = new TrialCheckout({ slow });
  afterEach(() => checkout.endAll());
  after(() => checkout.close());

  test('killed in a step leaves lab, shell and step to the next one, which goes on', async () => {
    const runner = new Runner(checkout.root, 'slow', 'all');
    await runner.until('the step has begun', begun);
    await runner.kill();
    const last = runner.messages.findLast((message) => message.kind === 'output') ?? assert.fail();
    const from = last.offset + last.data.length - 5;
    const { instance } = loadLab('two', checkout);

    const live = checkout.live();
    const page = await new TrialPage(live, checkout).hello('slow');
    assert.deepEqual([page.run?.interrupted, page.run?.status, page.run?.verdict], ['slow', 'idle', undefined]);
    assert.deepEqual([page.steps.get('first')?.status, page.steps.get('slow')?.status], ['done', 'idle']);
    await page.watch('alpha', { terminal: last.terminal, from });
    const begins = page.terminal('alpha');
    assert.deepEqual([begins.terminal, begins.offset], [last.terminal, from], 'the terminal is the same');
    await page.untilShown('alpha', /^gun\r\n/);
    assert.equal(page.steps.get('first')?.place?.terminal, begins.terminal);
    await assert.rejects(page.runs('step', 'first'), /busy with a step/);
    await page.ask({ kind: 'resume', runbook: 'slow', lab: 'two' });
    assert.deepEqual(
      [page.run?.verdict, page.run?.interrupted],
      ['passed', undefined],
      JSON.stringify([...page.steps]),
    );
    assert.equal(loadLab('two', checkout).instance(), instance());
    await assert.rejects(page.ask({ kind: 'resume', runbook: 'slow', lab: 'two' }), /was interrupted\nrun it anew/);
    await checkout.end(live);
    assert.equal(loadLab('two', checkout).instance(), undefined, 'the killed one had brought the lab up');
  });

  test('killed between runs leaves a terminal to the next one', async () => {
    const runner = new Runner(checkout.root, 'slow', 'step', 'first');
    await runner.until(
      'the run is over',
      ({ kind }) => kind === 'done' && runner.messages.filter((m) => m.kind === 'done').length === 3,
    );
    await runner.kill();
    const live = checkout.live();
    const page = await new TrialPage(live, checkout).hello('slow');
    assert.equal(page.run?.interrupted, undefined);
    await page.watch('alpha');
    await page.untilShown('alpha', /\$ echo first >>~\/trace; echo token 42\r\n.*token 42\r\n.*\$ $/s);
    assert.equal(page.textOf('first'), 'token 42\r\n');
    assert.equal(page.steps.get('first')?.outcome?.verdict, 'passed');
    await page.act('down');
    await checkout.end(live);
  });

  test('in good order leaves a lab up that was up before, without its terminals', async () => {
    const lab = loadLab('two', checkout);
    await lab.up(silent, never);
    const instance = lab.instance();
    const live = checkout.live();
    const page = await new TrialPage(live, checkout).hello('slow');
    await page.watch('alpha');
    const running = page.runs('step', 'slow');
    await page.untilShown('alpha', /begun/);
    await checkout.end(live);
    await running;
    assert.equal(lab.instance(), instance);
    assert.equal(existsSync(join(checkout.state, 'labs/two/alpha/sessions/steps')), false);
    assert.match(page.terminal('alpha').ended ?? '', /the runner ended/);
    await lab.down(silent);
  });

  test('keeps others from its lab while it lives', async () => {
    const runner = new Runner(checkout.root, 'slow', 'step', 'slow');
    await runner.until('the step has begun', begun);
    const live = checkout.live();
    const page = await new TrialPage(live, checkout).hello('slow');
    assert.equal(page.labs.get('two')?.hosts[0]?.state, 'ready');
    await assert.rejects(
      page.runs('step', 'last'),
      new RegExp(`the lab two is in use by process ${runner.child.pid} `),
    );
    await assert.rejects(page.watch('alpha'), /is in use by process/);
    await runner.kill();
    await page.act('down');
    await checkout.end(live);
  });

  test('is told when its lab is killed', async () => {
    const live = checkout.live({ health: 50 });
    const page = await new TrialPage(live, checkout).hello('slow');
    await page.act('up');
    const before = page.labs.get('two')?.instance;
    await page.watch('alpha');
    await page.watch('beta');
    const running = page.runs('all');
    await page.untilShown('alpha', /begun/);
    const lab = loadLab('two', checkout);
    for (const host of lab.hosts) {
      const access = lab.access(host);
      assert.equal(access.kind, 'local');
      process.kill(Number(access.enter[access.enter.indexOf('-t') + 1]), 'SIGKILL');
    }
    await running;
    assert.equal(page.run?.verdict, 'errored');
    assert.equal(page.steps.get('slow')?.outcome?.verdict, 'errored');
    await page.until(
      'the page knows',
      () => page.labs.get('two')?.hosts.every(({ state }) => state === 'broken') === true,
    );
    await page.until('the terminals ended', () =>
      ['alpha', 'beta'].every((host) => page.terminal(host).ended !== undefined),
    );
    assert.equal(page.steps.get('slow')?.outcome?.verdict, 'errored', 'what happened stays to be seen');
    await assert.rejects(page.watch('alpha'), /not up/);
    await page.runs('all');
    assert.equal(page.run?.verdict, 'passed');
    assert.notEqual(page.labs.get('two')?.instance, before);
    await checkout.end(live);
  });
});
