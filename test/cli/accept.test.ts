import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { page, Workspace } from './workspace.ts';

const old = page(`
Before, 　with odd space.

~~~sh step=first
echo "pid $$ of server 16"
seq 3
~~~

- in a list

  ~~~expect
  pid {{server:pid}} of server 15
  1
  ...
  4
  ~~~

~~~sh step=second
echo {{server}}
~~~

~~~expect
{{server}}
more
~~~

After.
`);
const wanted = old.replace('server 15', 'server 16').replace('  4\n', '  3\n').replace('more\n', '');

suite('accept', () => {
  const workspace = new Workspace({ 'old.mdx': old });
  after(() => workspace.close());

  test('takes what came into the page, keeps placeholders and all else, and verify then passes', async () => {
    const refused = await workspace.run('accept', 'old');
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /hint: --yes/);
    assert.equal(workspace.read('old.mdx'), old);

    const accepted = await workspace.run('accept', 'old', '--yes');
    assert.equal(accepted.code, 0, accepted.stdout + accepted.stderr);
    assert.match(accepted.stdout, /content\/docs\/old\.mdx: 2 expectations written/);
    assert.equal(workspace.read('old.mdx'), wanted);
    await workspace.nothingIsLeft();

    const verified = await workspace.run('verify', 'old');
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
  });
});
