import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { page, until, Workspace } from './workspace.ts';

const shows = (path: string, more = ''): string => page(`\nimport Steps from '${path}'\n\n<Steps />\n${more}`);

const common = `Words.

1. In a list

   \`\`\`sh step=where
   hostname
   \`\`\`

   \`\`\`expect
   nowhere
   \`\`\`
`;

const own = `
~~~sh step=last
echo last
~~~

~~~expect
last
~~~
`;

suite('documents that pages import', () => {
  const workspace = new Workspace({
    'one.mdx': shows('./_common.mdx', own),
    'two.mdx': shows('./parts/_outer.mdx'),
    'parts/_outer.mdx': "import Inner from '../_common.mdx'\n\n<Inner />\n",
    '_common.mdx': common,
    '_drafts/three.mdx': page('\n~~~sh step=draft\nfalse\n~~~\n'),
  });
  after(() => workspace.close());

  test('are no runbooks', async () => {
    const listed = await workspace.run('list', '--steps');
    assert.equal(listed.code, 0, listed.stderr);
    assert.deepEqual(
      listed.stdout.split('\n').map((line) => line.trim().split(/ {2}/)[0]),
      ['one', 'content/docs/_common.mdx:5', 'content/docs/one.mdx:12', 'two', 'content/docs/_common.mdx:5', ''],
    );
    for (const name of ['content/docs/_common.mdx', '_common', '_drafts/three', 'content/docs/_drafts/three.mdx']) {
      const refused = await workspace.run('verify', name);
      assert.equal(refused.code, 2, refused.stdout);
      assert.match(refused.stderr, /is no runbook\n +hint: its steps run with the pages that import it/);
    }
  });

  test('are reported at their own lines, and what was accepted is written into them', async () => {
    const failed = await workspace.run('verify', '--report', 'github');
    assert.equal(failed.code, 1, failed.stderr);
    const errors = failed.stdout.split('\n').filter((line) => line.startsWith('::error'));
    assert.equal(errors.length, 2);
    for (const error of errors) assert.match(error, /^::error file=content\/docs\/_common\.mdx,line=5,/);

    const pages = [workspace.read('one.mdx'), workspace.read('two.mdx')];
    const accepted = await workspace.run('accept', 'one', 'two', '--yes');
    assert.equal(accepted.code, 0, accepted.stdout + accepted.stderr);
    assert.match(accepted.stdout, /content\/docs\/_common\.mdx: 1 expectation written/);
    assert.equal(workspace.read('_common.mdx'), common.replace('nowhere', 'postgres1'));
    assert.deepEqual([workspace.read('one.mdx'), workspace.read('two.mdx')], pages);

    const verified = await workspace.run('verify');
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
  });

  test('are not written when their pages differ, but for the first of them', async () => {
    workspace.write('_common.mdx', common.replace('hostname', 'echo {{name}}'));
    for (const name of ['one', 'two'])
      workspace.write(
        `${name}.mdx`,
        page("\nimport Steps from './_common.mdx'\n\n<Steps />\n", `vars: {name: ${name}}`),
      );
    const accepted = await workspace.run('accept', 'one', 'two', '--yes');
    assert.equal(accepted.code, 1, accepted.stdout + accepted.stderr);
    assert.match(
      accepted.stdout,
      /_common\.mdx:10 {2}where\nanother page shows this step too[^\n]*\n +hint: write placeholders/,
    );
    assert.match(workspace.read('_common.mdx'), /\n {3}one\n/);
  });

  test('make their page another one when they are edited', async () => {
    workspace.write('_common.mdx', common.replace('nowhere', 'postgres1').replace('hostname', 'hostname\n   sleep 30'));
    workspace.write('one.mdx', shows('./_common.mdx'));
    const known = workspace.logs().length;
    const call = workspace.start(['verify', 'one']);
    await until('the step begins', () => (workspace.logs()[known] ?? '').includes('"kind":"step-started"'), call);
    call.child.kill('SIGKILL');
    await call.ended;
    workspace.write('_common.mdx', workspace.read('_common.mdx').replace('sleep 30', 'sleep 31'));
    const resumed = await workspace.run('verify', '--resume');
    assert.equal(resumed.code, 2, resumed.stdout + resumed.stderr);
    assert.match(resumed.stderr, /^content\/docs\/_common\.mdx:5:1: step where was edited since the run/);
  });
});
