import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Random } from '../fuzz/random.ts';
import { page, until, Workspace } from './workspace.ts';

// What is lost, or done twice, the last step prints.
const runbook = page(`
~~~sh step=one
echo one >> /srv/log/trace
~~~

~~~sh step=serve background
echo up
sleep 300
~~~

~~~expect
up
~~~

~~~sh step=two
cd /srv/log; export X=kept
echo two >> trace; echo three >> trace
~~~

~~~sh step=slow
echo begun; sleep 0.4
echo four >> trace
~~~

~~~sh step=last
echo "$X"; cat trace
~~~

~~~expect
kept
one
two
three
four
~~~
`);

suite('a runner that is killed at any moment', () => {
  const workspace = new Workspace({ 'kills.mdx': runbook });
  before(async () => {
    assert.equal((await workspace.run('lab', 'up', 'linux')).code, 0);
  });
  after(() => workspace.close());

  const random = new Random(20261201);
  for (let count = 1; count <= 60; count++) {
    const [first, again, second] = [random.below(900), random.once(3), 200 + random.below(600)];
    const name = `after ${first} ms${again ? `, and again after ${second} ms` : ''}`;
    test(`${count}: ${name}`, async () => {
      const known = workspace.logs().length;
      const call = workspace.start(['verify', 'kills']);
      await until('the run begins', () => workspace.logs().length > known, call);
      await delay(first);
      call.child.kill('SIGKILL');
      if ((await call.ended).code === 0) return;
      if (again) {
        const resumed = workspace.start(['verify', '--resume']);
        await delay(second);
        resumed.child.kill('SIGKILL');
        await resumed.ended;
      }
      // Of a run that was killed before its first event nothing is to be gone on with.
      if (workspace.logs().at(-1) === '') return;
      const { code, stdout, stderr } = await workspace.run('verify', '--resume');
      // The one before may have come to its end just before it was killed.
      if (code !== 0) assert.match(stderr, /^--resume: the newest run .* came to its end$/m, stdout + stderr);
      assert.match(workspace.logs().at(-1) ?? '', /"kind":"run-ended".*"passed"/);
    });
  }
});
