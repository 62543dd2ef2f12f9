import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { page, until, Workspace } from './workspace.ts';

const chain = page(`
~~~sh step=make
echo make >> /srv/log/trace
echo "token $RANDOM-$RANDOM" | tee /srv/log/token
~~~

~~~expect
token {{token:word}}
~~~

~~~sh step=use
echo use >> /srv/log/trace
grep -c {{token}} /srv/log/token
sleep 0.5
~~~

~~~expect
1
~~~

~~~sh step=again
echo again >> /srv/log/trace
grep -c {{token}} /srv/log/token
paste -sd ' ' /srv/log/trace
~~~

~~~expect
1
make {{*}}
~~~
`);

suite('--from and --only', () => {
  const workspace = new Workspace({ 'chain.mdx': chain });
  after(() => workspace.close());

  async function passes(steps: number, ...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await workspace.run('verify', ...args);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, new RegExp(`^passed +1 runbook, ${steps} passed`, 'm'));
    return workspace.logs().at(-1) ?? '';
  }

  test('run what is chosen on the lab as it stands, with the values captured before', async () => {
    await passes(3, 'chain', '--keep');
    assert.match(await passes(2, 'chain', '--from', 'use'), /make use again use again/);
    await passes(1, '--only', 'use');
    assert.match(await passes(1, 'chain', '--only', 'again'), /make use again use again use again/);
  });

  test('have those values also when resumed', async () => {
    const call = workspace.start(['verify', 'chain', '--from', 'use']);
    const count = workspace.logs().length;
    await until('the step begins', () => /"kind":"step-started"/.test(workspace.logs()[count] ?? ''), call);
    call.child.kill('SIGKILL');
    await call.ended;
    assert.match(await passes(2, '--resume'), /use again use again use again use again/);
  });
});
