import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { SaxesParser } from 'saxes';
import { page, Workspace } from './workspace.ts';

const secret = 'correct-horse-battery-staple';
const settings = 'checkpoint: empty\nvars: {password: ""}\nsecrets: [password]';
const green = page(
  `
~~~sh step=secret
echo "the password is {{password}}"
printf '%s' '{{password}}' | { head -c 9; sleep 0.2; cat; echo; }
~~~

~~~expect
the password is {{password}}
{{password}}
~~~
`,
  settings,
);
const red = page(
  `
~~~sh step=leak exit=0
echo "{{password}} <&>]]>"
echo '::error::{{password}}' >&2
false
~~~

~~~expect
not {{password}}
::error::{{said:word}}
~~~
`,
  settings,
);

suite('reports', () => {
  const workspace = new Workspace({ 'green.mdx': green, 'red.mdx': red });
  after(() => workspace.close());

  test('of GitHub name files by their paths in the repository, wherever they were called', async () => {
    mkdirSync(join(workspace.root, '.git'));
    const main = join(workspace.root, 'runner', 'main.ts');
    const { stdout } = spawnSync(process.execPath, [main, 'verify', 'docs/red.mdx', '--report', 'github'], {
      cwd: join(workspace.root, 'content'),
      encoding: 'utf8',
      env: { ...process.env, TEJUN_VAR_password: secret },
    });
    assert.match(stdout, /^::error file=content\/docs\/red\.mdx,line=\d+,/m);
  });

  test('of every format tell the same, and no secret is in them, on the screen or in .tejun', async () => {
    const file = (name: string): string => join(workspace.root, name);
    const args = ['tap', `json=${file('r.json')}`, `junit=${file('r.xml')}`, `github=${file('r.txt')}`];
    const call = workspace.start(['verify', '--keep', ...args.flatMap((report) => ['--report', report])], {
      TEJUN_VAR_password: secret,
    });
    const { code, stdout, stderr } = await call.ended;
    assert.equal(code, 1, stdout + stderr);

    const { version, runs } = JSON.parse(readFileSync(file('r.json'), 'utf8'));
    assert.equal(version, 1);
    assert.deepEqual(
      runs.map((run: { runbook: string; verdict: string; outcomes: readonly { step: string; verdict: string }[] }) => [
        run.runbook,
        run.verdict,
        run.outcomes.map((outcome) => `${outcome.step} ${outcome.verdict}`),
      ]),
      [
        ['green', 'passed', ['secret passed']],
        ['red', 'failed', ['leak failed']],
      ],
    );

    const elements: string[] = [];
    const parser = new SaxesParser();
    parser.on('opentag', ({ name }) => elements.push(name));
    parser.write(readFileSync(file('r.xml'), 'utf8')).close();
    assert.equal(elements.filter((name) => name === 'testcase').length, 2);
    assert.equal(elements.filter((name) => name === 'failure').length, 1);

    const lines = stdout.split('\n');
    assert.deepEqual(lines.slice(0, 2), ['TAP version 13', '1..2']);
    assert.deepEqual(
      lines.filter((line) => /^(not )?ok/.test(line)),
      ['ok 1 - green', 'not ok 2 - red'],
    );
    assert.deepEqual(
      lines.filter((line) => !/^(TAP version 13|1\.\.2|(not )?ok .*|# Subtest: .*| {4}.*|)$/.test(line)),
      [],
      'nothing but the report is on standard output',
    );
    const commands = readFileSync(file('r.txt'), 'utf8')
      .trimEnd()
      .split('\n')
      .filter((line) => line.startsWith('::'));
    assert.equal(commands.length, 1);
    assert.match(commands[0] ?? '', /^::error file=content\/docs\/red\.mdx,line=\d+/);

    assert.match(stderr, /‹secret›/);
    for (const text of [stdout, stderr]) assert.ok(!text.includes(secret));
    nowhere();
  });

  test('and locks do not keep a secret that was given on the command line', async () => {
    const { code, stdout, stderr } = await workspace.run('verify', 'green', '--var', `password=${secret}`);
    assert.equal(code, 0, stdout + stderr);
    assert.ok(!(stdout + stderr).includes(secret));
    nowhere();
  });

  test('a secret without a value is refused before the lab is touched', async () => {
    const { code, stderr } = await workspace.run('verify', 'green');
    assert.equal(code, 2);
    assert.match(stderr, /the secret password has no value\n {4}hint: set TEJUN_VAR_password/);
    const short = await workspace.start(['verify', 'green'], { TEJUN_VAR_password: 'abc' }).ended;
    assert.equal(short.code, 2);
    assert.match(short.stderr, /the secret password has fewer than 4 characters and cannot be hidden\n {4}hint: /);
  });

  test('accept writes no secret into a page', async () => {
    const before = workspace.read('red.mdx');
    workspace.write('red.mdx', before.replace('\nfalse\n', '\n'));
    const { code, stdout, stderr } = await workspace.start(['accept', 'red', '--yes'], {
      TEJUN_VAR_password: secret,
    }).ended;
    assert.ok(!(stdout + stderr).includes(secret), 'on the screen');
    assert.ok(!workspace.read('red.mdx').includes(secret), 'in the page');
    assert.equal(code, 1, stdout + stderr);
    assert.match(stderr, /the output has a secret in it/);
    nowhere();
  });

  function nowhere(): void {
    const files = globSync(join(workspace.root, '{.tejun/{runs,locks,visits},content}/**/*'))
      .concat(globSync(join(workspace.root, 'r.*')))
      .filter((path) => statSync(path).isFile());
    assert.ok(files.length > 5);
    for (const path of files) assert.ok(!readFileSync(path, 'latin1').includes(secret), path);
  }

  test('of a call whose second lab cannot come up tell what ran and what did not; an older one does not stay', async () => {
    const own = new Workspace({
      'a.mdx': page('~~~sh step=one\ntrue\n~~~\n'),
      'b.mdx': page('~~~sh step=one\ntrue\n~~~\n').replace('lab: linux', 'lab: broken'),
    });
    try {
      const folder = join(own.root, 'labs/broken');
      cpSync(join(own.root, 'labs/linux'), folder, { recursive: true });
      writeFileSync(join(folder, 'make-cluster.sh'), 'exit 7\n');
      const report = join(own.root, 'report.xml');
      writeFileSync(report, 'of yesterday, all green');
      const { code, stdout, stderr } = await own.run('verify', '--report', `junit=${report}`);
      assert.equal(code, 3, stdout + stderr);
      assert.match(stderr, /make-cluster\.sh/);
      const xml = readFileSync(report, 'utf8');
      assert.match(xml, /<testsuite name="a" tests="1" failures="0" errors="0"/);
      assert.match(xml, /<testsuite name="b" tests="1" failures="0" errors="1"[\s\S]*make-cluster\.sh/);
      assert.match(stdout, /^passed +a .*\n^errored +b /m);
      writeFileSync(report, 'as it was');
      assert.equal((await own.run('verify', '--lab', 'nowhere', '--report', `junit=${report}`)).code, 2);
      assert.equal(readFileSync(report, 'utf8'), 'as it was');
    } finally {
      await own.close();
    }
  });
});
