import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { page, until, Workspace } from './workspace.ts';

// The step leaves a process of its own session behind, which no signal to its group would reach.
const endless = page(
  `
~~~sh step=first
true
~~~

~~~sh step=server background
echo up
sleep 1001
~~~

~~~expect
up
~~~

~~~sh step=endless timeout=10m
setsid sleep 1002 & disown
trap '' INT TERM
sleep 1003
~~~
`,
  'checkpoint: ready',
);

const steps = Array.from({ length: 20 }, (_, index) => `~~~sh step=step-${index}\ntrue\n~~~\n`).join('\n');
const chatty = page(`${steps}\n~~~sh step=last timeout=10m\nsleep 1004\n~~~\n`);

suite('a run that is stopped', () => {
  const workspace = new Workspace({ 'endless.mdx': endless, 'chatty.mdx': chatty });
  after(() => workspace.close());
  const inStep = (): boolean =>
    /"kind":"step-started"[^\n]*"step":"endless"/.test(workspace.logs().at(-1) ?? '') && fresh();
  const onTheWay = (): boolean => existsSync(join(workspace.root, '.tejun/labs/linux/lab.json'));
  let known = 0;
  const fresh = (): boolean => workspace.logs().length > known;

  for (const [how, signal, group, isSo] of [
    ['by Ctrl-C in a step', 'SIGINT', true, inStep],
    ['by SIGTERM in a step', 'SIGTERM', false, inStep],
    ['by a closed terminal in a step', 'SIGHUP', true, inStep],
    ['by Ctrl-C while its lab comes up', 'SIGINT', true, onTheWay],
  ] as const) {
    test(`${how} ends with 3 and leaves nothing behind`, async () => {
      known = workspace.logs().length;
      const call = workspace.start(['verify', 'endless']);
      await until(how, isSo, call);
      const pid = call.child.pid ?? assert.fail('the program was not started');
      process.kill(group ? -pid : pid, signal);
      const { code, stdout, stderr } = await call.ended;
      assert.equal(code, 3, stdout + stderr);
      assert.match(stderr, /^stopped/m);
      assert.doesNotMatch(stderr, /^ +at /m);
      assert.doesNotMatch(stdout, /^passed +1 runbook/m);
      await workspace.nothingIsLeft();
    });
  }

  test('by a reader of its output that has had enough ends with 3 and leaves nothing behind', async () => {
    const line = `"${process.execPath}" runner/main.ts verify chatty | head -n 1; echo "ended with ${'$'}{PIPESTATUS[0]}"`;
    const shown = await new Promise<string>((resolve, reject) =>
      execFile('bash', ['-c', line], { cwd: workspace.root }, (error, stdout) =>
        error ? reject(error) : resolve(stdout),
      ),
    );
    assert.match(shown, /^ended with 3$/m);
    await workspace.nothingIsLeft();
  });
});
