import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, suite, test } from 'node:test';
import { page, until, Workspace } from './workspace.ts';

const slow = `
~~~sh step=first
echo token 42
~~~

~~~expect
token {{token:int}}
~~~

~~~sh step=slow
echo begun; sleep 1; echo ended
~~~

~~~expect
begun
ended
~~~

~~~sh step=last
echo {{token}}
~~~
`;

suite('a run that a page began', () => {
  const workspace = new Workspace({ 'slow.mdx': page(slow) });
  after(() => workspace.close());

  test('goes on by verify --resume after its runner was killed, and is listed', async () => {
    const child = spawn(process.execPath, ['runner/live/live-process.ts', workspace.root, 'slow', 'from', 'slow'], {
      cwd: workspace.root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let told = '';
    child.stdout.setEncoding('utf8').on('data', (data: string) => {
      told += data;
    });
    await until('the step has begun', () => /"output":"begun"|"actual":"begun"/.test(told));
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    assert.match((await workspace.run('list')).stdout, /slow +3 steps +interrupted on linux/);
    const { code, stdout, stderr } = await workspace.run('verify', '--resume');
    assert.match(stdout, /slow$/m, stderr);
    // The last step needs what the first one captured, which did not run.
    assert.equal(code, 3);
    assert.match(stdout, /passed .* slow$/m);
    assert.match(stdout, /1 passed, 1 errored/);
  });
});
