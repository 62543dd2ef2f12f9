import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { page, Workspace } from './workspace.ts';

const green = page(`
~~~sh step=numbers
seq 7 9
echo "took $RANDOM ms"
~~~

~~~expect
7
8
9
took {{ms:int}} ms
~~~

~~~sh step=repeat
echo {{ms}}
~~~

~~~expect
{{ms}}
~~~
`);

const mistaken = page(`
~~~sh step=first hst=postgres1
touch /srv/log/was-run
~~~

~~~sh step=first timeout=5
true
~~~
`);

const forLabs = (labs: string, attribute: string): string =>
  `---\ntitle: For ${labs}\ntejun:\n  lab: ${labs}\n---\n\n\`\`\`sh step=only${attribute}\ntrue\n\`\`\`\n`;

suite('verify', () => {
  const workspace = new Workspace({ 'green.mdx': green, 'red.mdx': green.replace('\n8\n', '\n6\n') });
  after(() => workspace.close());

  test('a runbook whose output is as expected ends with 0', async () => {
    const { code, stdout, stderr } = await workspace.run('verify', 'green');
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /^passed +1 runbook, 2 passed/m);
    assert.equal(stderr, '');
    await workspace.nothingIsLeft();
  });

  test('one digit that differs ends with 1 and shows that line only', async () => {
    const { code, stdout } = await workspace.run('verify', 'red');
    assert.equal(code, 1, stdout);
    const changed = stdout.split('\n').filter((line) => /^ *[-+] /.test(line));
    assert.deepEqual(
      changed.map((line) => line.trim().replace(/\s+/g, ' ')),
      ['- 6', '+ 8'],
    );
    assert.match(stdout, /content\/docs\/red\.mdx:8/);
    assert.match(stdout, /^skipped .*repeat/m);
    await workspace.nothingIsLeft();
  });

  test('a folder on a lab: pages for other labs are left out, and steps for other hosts weigh nothing', async () => {
    workspace.write('group/both.mdx', forLabs('[pair, linux]', ''));
    workspace.write('group/pair.mdx', forLabs('pair', ''));
    workspace.write('group/elsewhere.mdx', forLabs('linux', ' only=os=windows'));
    const folder = await workspace.run('verify', 'group', '--lab', 'linux');
    assert.equal(folder.code, 0, folder.stdout + folder.stderr);
    assert.match(folder.stdout + folder.stderr, /not written for the lab linux: group\/pair\n/);
    assert.match(folder.stdout, /^passed +2 runbooks, 1 passed, 1 skipped/m);
    assert.match(folder.stdout, /only for hosts with os=windows; this one has os=linux/);
    const alone = await workspace.run('verify', 'group/elsewhere');
    assert.equal(alone.code, 3, 'nothing was shown');
    rmSync(join(workspace.root, 'content/docs/group'), { recursive: true });
  });

  test('a matrix runs each page on all its labs, and one that fails on one of them decides', async () => {
    workspace.write('group/both.mdx', forLabs('[checkout, linux]', ''));
    workspace.write('group/one.mdx', forLabs('linux', ''));
    const command = 'test "$(hostname)" = postgres1';
    workspace.write('group/differs.mdx', forLabs('[checkout, linux]', '').replace('\ntrue\n', `\n${command}\n`));
    const { code, stdout, stderr } = await workspace.run('verify', 'group', '--matrix');
    assert.equal(code, 1, stdout + stderr);
    const lines = stdout.split('\n').map((line) => line.trim().split(/ {2,}/));
    const table = lines.slice(lines.findIndex(([first]) => first?.startsWith('checkout'))).slice(0, 4);
    assert.match(table[0]?.join('|') ?? '', /^checkout[^|]*\|linux \(PostgreSQL [\d.]+\)$/);
    assert.deepEqual(table.slice(1), [
      ['group/both', 'passed 1', 'passed 1'],
      ['group/differs', 'failed 0 of 1', 'passed 1'],
      ['group/one', '–', 'passed 1'],
    ]);
    assert.match(stdout, /^group\/differs on checkout: step only failed: /m);
    const refused = await workspace.run('verify', 'group', '--matrix', '--lab', 'linux');
    assert.equal(refused.code, 2, refused.stderr);
    rmSync(join(workspace.root, 'content/docs/group'), { recursive: true });
  });

  test('a red runbook among green ones decides, and all are run', async () => {
    const { code, stdout } = await workspace.run('verify');
    assert.equal(code, 1, stdout);
    assert.match(stdout, /^passed +green /m);
    assert.match(stdout, /^failed +red /m);
  });

  for (const [why, args, message] of [
    ['an option', ['verify', '--frm', 'numbers'], /unknown option '--frm'/],
    ['a command', ['verfy'], /unknown command 'verfy'/],
    ['a runbook', ['verify', 'grren'], /^grren: no such file, folder or runbook\n {4}hint: /],
    [
      'a first step',
      ['verify', 'green', '--from', 'number'],
      /^--from number: no such step; its steps are numbers, repeat/,
    ],
    ['an only step', ['verify', '--only', 'number'], /^--only number: no such step/],
    ['a step of two runbooks', ['verify', '--only', 'numbers'], /^--only numbers: green and red have a step/],
    ['a variable', ['verify', 'green', '--var', 'prot=5433'], /^--var prot=5433: no runbook declares prot/],
    ['a report', ['verify', '--report', 'xml'], /^--report xml: write json=FILE/],
    ['two reports on standard output', ['verify', '--report', 'tap', '--report', 'github'], /hint: /],
    ['a lab', ['verify', 'green', '--lab', 'linx'], /there is no lab linx/],
    ['an earlier run', ['verify', '--resume'], /^--resume: the newest run .* came to its end/],
    ['a terminal to ask on', ['accept', 'red'], /no terminal to ask on\n {4}hint: --yes/],
  ] as const) {
    test(`without ${why} that there is, it ends with 2 and runs nothing`, async () => {
      const runs = workspace.logs().length;
      const { code, stdout, stderr } = await workspace.run(...args);
      assert.equal(code, 2, stdout + stderr);
      assert.match(stderr, message);
      assert.equal(stdout, '');
      assert.equal(workspace.logs().length, runs);
    });
  }

  test('mistakes of all pages are told at once, with place and hint, and nothing is run', async () => {
    workspace.write('mistaken.mdx', mistaken);
    workspace.write('other.md', 'Text.\n\n```sh step=Upper\ntrue\n```\n');
    const runs = workspace.logs().length;
    const { code, stdout, stderr } = await workspace.run('verify');
    assert.equal(code, 2);
    assert.equal(stdout, '');
    const lines = stderr.trimEnd().split('\n');
    const places = lines.filter((line) => line.startsWith('content/')).map((line) => line.split(': ')[0]);
    assert.deepEqual(places, [
      'content/docs/mistaken.mdx:8:18',
      'content/docs/mistaken.mdx:12:1',
      'content/docs/mistaken.mdx:12:18',
      'content/docs/other.md:3:7',
    ]);
    assert.equal(lines.filter((line) => line.startsWith('    hint: ')).length, places.length);
    assert.equal(lines.at(-1), '4 mistakes; nothing was run');
    assert.equal(workspace.logs().length, runs);
  });
});
