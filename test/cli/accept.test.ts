import assert from 'node:assert/strict';
import { lstatSync, rmSync, symlinkSync } from 'node:fs';
import { after, suite, test } from 'node:test';
import { spawn } from '@lydell/node-pty';
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

  test('takes output with fences in it, also in a quote and by a symbolic link', async () => {
    const step = '~~~sh step=shows\nprintf "%s\\n" one "\\`\\`\\`sh step=x" two "\\`\\`\\`"\n~~~\n';
    const quoted = page(`${step}\n> ~~~expect\n> one\n> ~~~\n`);
    rmSync(workspace.page('shared'), { recursive: true, force: true });
    workspace.write('shared/quoted.mdx', quoted);
    symlinkSync('shared/quoted.mdx', workspace.page('linked.mdx'));
    const { code, stdout, stderr } = await workspace.run('accept', 'linked', '--yes');
    assert.equal(code, 0, stdout + stderr);
    const body = '> ````expect\n> one\n> ```sh step=x\n> two\n> ```\n> ````\n';
    assert.equal(workspace.read('shared/quoted.mdx'), quoted.replace('> ```expect\n> one\n> ```\n', body));
    assert.ok(lstatSync(workspace.page('linked.mdx')).isSymbolicLink());
    const verified = await workspace.run('verify', 'linked');
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
    rmSync(workspace.page('linked.mdx'));
    rmSync(workspace.page('shared'), { recursive: true });
  });

  test('writes once into a page that is there by a link, too', async () => {
    workspace.write('twice/page.mdx', page('~~~sh step=say\necho is\n~~~\n\n~~~expect\nwas\n~~~\n'));
    symlinkSync('page.mdx', workspace.page('twice/link.mdx'));
    const { code, stdout, stderr } = await workspace.run('accept', 'twice', '--yes');
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /content\/docs\/twice\/page\.mdx: 1 expectation written/);
    assert.match(workspace.read('twice/page.mdx'), /```expect\nis\n```/);
    rmSync(workspace.page('twice'), { recursive: true });
  });

  test('asks about each hunk on a terminal, and takes just those that are wanted', async () => {
    workspace.write('old.mdx', old);
    const terminal = spawn(process.execPath, ['runner/main.ts', 'accept', 'old'], { cwd: workspace.root, cols: 200 });
    const answers = ['y', 'n', 'n'];
    let shown = '';
    let asked = 0;
    terminal.onData((data) => {
      shown += data;
      const questions = shown.split('[y/n/a/q] ').length - 1;
      while (asked < questions) terminal.write(`${answers[asked++] ?? 'q'}\r`);
    });
    const { exitCode } = await new Promise<{ exitCode: number }>((resolve) => terminal.onExit(resolve));
    assert.equal(asked, 3, shown);
    assert.equal(exitCode, 1, shown);
    assert.equal(workspace.read('old.mdx'), old.replace('server 15', 'server 16'));
    await workspace.nothingIsLeft();
  });

  test('is evidence of nothing: what it took for passed may never have come into the page', async () => {
    const before = page('~~~sh step=say\necho is\n~~~\n\n~~~expect\nshould be\n~~~\n');
    workspace.write('unlike.mdx', before);
    const accepted = await workspace.run('accept', 'unlike', '--yes');
    assert.equal(accepted.code, 0, accepted.stdout + accepted.stderr);
    workspace.write('unlike.mdx', before);
    for (const which of [['--newest'], ['--from-run', '2']]) {
      const recorded = await workspace.run('record', 'unlike', ...which);
      assert.equal(recorded.code, 3, recorded.stdout);
      assert.match(recorded.stdout, /^not recorded /m);
    }
    assert.match((await workspace.run('list', 'unlike')).stdout, /never run/);
    const resumed = await workspace.run('verify', '--resume');
    assert.equal(resumed.code, 2, resumed.stdout);
    assert.match(resumed.stderr, /the newest run .* was one of `accept`.*\n {4}hint: /);
  });
});
