import assert from 'node:assert/strict';
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { liveKeeper } from '../../runner/labs/keeper.ts';
import { page, until, Workspace } from './workspace.ts';

const have = readdirSync('/usr/lib/postgresql').at(-1) ?? '';
const steps = page('~~~sh step=which\npostgres --version\n~~~\n\n~~~expect\npostgres (PostgreSQL) {{*}}\n~~~\n');

suite("a lab's facts", () => {
  const workspace = new Workspace({ 'one.mdx': steps });
  after(() => workspace.close());
  const labFile = join(workspace.root, 'labs/linux/lab.yaml');
  const plain = readFileSync(labFile, 'utf8');
  const offer = (...versions: readonly string[]): void =>
    writeFileSync(labFile, `${plain}facts: {pg: [${versions.join(', ')}]}\n`);
  const run = (...args: readonly string[]) => workspace.run(...args);

  test('what the lab does not offer is refused, and told is what it offers', async () => {
    offer(have, '99');
    const unknown = await run('verify', '--fact', 'pg=98');
    assert.equal(unknown.code, 2, unknown.stdout);
    assert.match(unknown.stderr, new RegExp(`does not offer pg=98\n {4}hint: it offers pg=${have}, pg=99\n`));
    assert.equal((await run('verify', '--fact', 'os=mac')).code, 2);
    assert.match((await run('verify', '--fact', 'pg')).stderr, /write it like pg=18/);
    assert.match((await run('verify', '--fact', 'pg=99', '--fact', 'pg=98')).stderr, /one thing at a time/);
    writeFileSync(labFile, plain);
    const none = await run('verify', '--fact', `pg=${have}`);
    assert.match(none.stderr, /hint: it has no `facts`/);
    assert.equal(workspace.logs().length, 0);
  });

  test('a lab that is up stays what it is: without a fact it is taken, with another one refused', async () => {
    offer('99', have);
    const up = await run('lab', 'up', 'linux', '--fact', `pg=${have}`);
    assert.equal(up.code, 0, up.stderr);
    assert.match((await run('lab', 'up', 'linux')).stderr, new RegExp(`^linux pg=${have} is ready$`, 'm'));
    const taken = await run('verify');
    assert.equal(taken.code, 0, taken.stdout + taken.stderr);
    const other = await run('verify', '--fact', 'pg=99');
    assert.equal(other.code, 3);
    assert.match(other.stderr, new RegExp(`is up with pg=${have}, not pg=99\n {4}hint: .tejun lab down linux. first`));
    const matrix = await run('verify', '--matrix');
    assert.equal(matrix.code, 2);
    assert.match(matrix.stderr, /--matrix: the lab linux is up/);
    process.kill(liveKeeper(join(workspace.root, '.tejun/labs/linux/postgres1'))?.pid ?? 0, 'SIGKILL');
    const again = await run('lab', 'up', 'linux');
    assert.match(
      again.stderr,
      new RegExp(`what an interrupted run left, which was with pg=${have}\n.*no PostgreSQL 99 `),
    );
    const recorded = await run('record', '--newest');
    assert.equal(recorded.code, 3, recorded.stdout);
    assert.match(recorded.stdout, /not recorded .*no run of it on linux pg=99 that came to its end/);
    await workspace.nothingIsLeft();
  });

  test('record tells of other facts than the default only that the steps passed with them', async () => {
    offer('99', have);
    const { code, stdout, stderr } = await run('record', 'one', '--fact', `pg=${have}`);
    assert.equal(code, 0, stdout + stderr);
    assert.match(
      stdout,
      new RegExp(`^verified +one on linux pg=${have}: 1 step, told in content/recordings/one/linux$`, 'm'),
    );
    const folder = join(workspace.root, 'content/recordings/one/linux');
    assert.deepEqual(readdirSync(folder), [`verified-pg=${have}.json`]);
    const { passed, chosen, hosts } = JSON.parse(readFileSync(join(folder, `verified-pg=${have}.json`), 'utf8'));
    assert.deepEqual([Object.keys(passed), chosen, hosts.postgres1.pg], [['which'], { pg: have }, have]);
    assert.match(stdout, /^ +pages name it as soon as one is recorded on linux as that is by default$/m);
    rmSync(join(folder, `verified-pg=${have}.json`));
    workspace.write('one.mdx', steps.replace('postgres --version', 'postgres  --version'));
    const edited = await run('record', 'one', '--newest', '--fact', `pg=${have}`);
    assert.match(edited.stdout, /: 1 step, 1 edited since, told in /);
    workspace.write('one.mdx', steps);
    rmSync(join(folder, `verified-pg=${have}.json`));
    const newest = await run('record', 'one', '--matrix', '--newest');
    assert.equal(newest.code, 3, newest.stdout);
    assert.match(newest.stdout, /^not recorded +one on linux: there is no run of it on linux pg=99 /m);
    assert.deepEqual(readdirSync(folder), [`verified-pg=${have}.json`]);
    offer(have, '99');
    const usual = await run('record', 'one', '--newest');
    assert.equal(usual.code, 0, usual.stdout);
    assert.ok(readdirSync(folder).includes('recording.json'));
    await workspace.nothingIsLeft();
  });

  test('a lab that is brought up with a fact goes down afterwards', async () => {
    offer('99', have);
    const { code, stdout, stderr } = await run('verify', '--fact', `pg=${have}`);
    assert.equal(code, 0, stdout + stderr);
    assert.match(workspace.logs().at(-1) ?? '', new RegExp(`"chosen":\\{"pg":"${have}"\\}`));
    await workspace.nothingIsLeft();
  });

  test('a matrix has a column for each value; a lab that cannot be had fails only its own', async () => {
    offer('99', have);
    const report = join(workspace.root, 'report.xml');
    const { code, stdout, stderr } = await run('verify', '--matrix', '--report', `junit=${report}`);
    assert.equal(code, 3, stdout + stderr);
    const lines = stdout.split('\n').map((line) => line.trim().split(/ {2,}/));
    const head = lines.findIndex(([first]) => first?.startsWith('linux pg=99'));
    assert.match(lines[head]?.join('|') ?? '', new RegExp(`^linux pg=99\\|linux pg=${have} \\(PostgreSQL ${have}`));
    assert.deepEqual(lines[head + 1], ['one', 'errored', 'passed 1']);
    assert.match(stdout, /^one on linux pg=99: the lab linux cannot come up: there is no PostgreSQL 99 /m);
    const junit = readFileSync(report, 'utf8');
    assert.match(junit, /<testsuite name="one on linux pg=99"[^>]* errors="1"/);
    assert.match(junit, new RegExp(`<testsuite name="one on linux pg=${have}"[^>]* tests="1" failures="0" errors="0"`));
    for (const refused of [['--fact', `pg=${have}`], ['--keep'], ['--resume'], ['--only', 'which']])
      assert.equal((await run('verify', '--matrix', ...refused)).code, 2, refused.join(' '));
    await workspace.nothingIsLeft();
  });

  test('a host that turns out to be something else is no pass', async () => {
    const odd = join(workspace.root, 'labs/odd');
    cpSync(join(workspace.root, 'labs/linux'), odd, { recursive: true });
    writeFileSync(join(odd, 'postgres'), '#!/bin/sh\necho "postgres (PostgreSQL) 14.1"\n');
    chmodSync(join(odd, 'postgres'), 0o755);
    const path = `PATH: /run/lab:/usr/lib/postgresql/${have}/bin:/usr/bin:/bin`;
    const declared = plain.replace('      LANG: C.UTF-8', `      ${path}\n      LANG: C.UTF-8`);
    writeFileSync(join(odd, 'lab.yaml'), `${declared}facts: {pg: [${have}]}\n`);
    const { code, stdout, stderr } = await run('verify', 'one', '--lab', 'odd');
    assert.equal(code, 3, stdout + stderr);
    assert.match(stderr, new RegExp(`host postgres1 has PostgreSQL 14, not ${have} as was chosen`));
  });

  test('a killed run goes on with the same facts only', async () => {
    offer('99', have);
    workspace.write('slow.mdx', page('~~~sh step=slow\nsleep 2\n~~~\n'));
    const call = workspace.start(['verify', 'slow', '--fact', `pg=${have}`]);
    await until('the step runs', () => (workspace.logs().at(-1) ?? '').includes('"step":"slow"'), call);
    call.child.kill('SIGKILL');
    await call.ended;
    const other = await run('verify', '--resume', '--fact', 'pg=99');
    assert.equal(other.code, 2, other.stdout);
    assert.match(other.stderr, new RegExp(`that run was with pg=${have} on the lab linux, not pg=99`));
    const { code, stdout, stderr } = await run('verify', '--resume');
    assert.equal(code, 0, stdout + stderr);
    await workspace.nothingIsLeft();
  });

  test('a run is not gone on with as something that it was not asked to be, nor a matrix as one of its columns', async () => {
    const killed = async (...args: readonly string[]): Promise<void> => {
      const known = workspace.logs().length;
      const call = workspace.start(args);
      await until('the step runs', () => (workspace.logs()[known] ?? '').includes('"step":"slow"'), call);
      call.child.kill('SIGKILL');
      await call.ended;
    };
    writeFileSync(labFile, plain);
    await killed('verify', 'slow');
    const asked = await run('verify', '--resume', '--fact', `pg=${have}`);
    assert.equal(asked.code, 2, asked.stdout);
    assert.match(asked.stderr, new RegExp(`that run was with no fact on the lab linux, not pg=${have}`));
    assert.equal((await run('verify', '--resume')).code, 0);
    offer(have, '99');
    await killed('verify', 'slow', '--matrix');
    const column = await run('verify', '--resume');
    assert.equal(column.code, 2, column.stdout);
    const place = `--lab linux --fact pg=${have}`;
    assert.match(
      column.stderr,
      new RegExp(`one column of a matrix, on linux pg=${have}; .*\n {4}hint: .--resume ${place}`),
    );
    const alone = await run('verify', '--resume', ...place.split(' '));
    assert.equal(alone.code, 0, alone.stdout + alone.stderr);
    await workspace.nothingIsLeft();
  });

  test('what ran or came up before the lab offered anything is of nothing that it offers', async () => {
    workspace.write('before.mdx', steps);
    writeFileSync(labFile, plain);
    assert.equal((await run('verify', 'before', '--keep')).code, 0);
    offer(have, '99');
    const recorded = await run('record', 'before', '--newest', '--fact', `pg=${have}`);
    assert.equal(recorded.code, 3, recorded.stdout);
    assert.match(recorded.stdout, new RegExp(`no run of it on linux pg=${have} that came to its end`));
    for (const fact of [[], ['--fact', `pg=${have}`]]) {
      const { code, stderr } = await run('verify', 'before', ...fact);
      assert.equal(code, 3);
      assert.match(
        stderr,
        /the lab linux came up before its file offered pg, .*\n {4}hint: `tejun lab down linux` first/,
      );
    }
    assert.equal((await run('lab', 'down', 'linux')).code, 0);
    await workspace.nothingIsLeft();
  });

  test('a matrix that is stopped while a lab comes up reports what it has done and what it has not', async () => {
    writeFileSync(labFile, plain);
    const slow = join(workspace.root, 'labs/sluggish');
    cpSync(join(workspace.root, 'labs/linux'), slow, { recursive: true });
    writeFileSync(join(slow, 'make-cluster.sh'), 'touch /srv/log/begun\nsleep 1005\n');
    workspace.write('both.mdx', steps.replace('lab: linux', 'lab: [linux, sluggish]'));
    const report = join(workspace.root, 'stopped.xml');
    const call = workspace.start(['verify', 'both', '--matrix', '--report', `junit=${report}`]);
    const begun = join(workspace.root, '.tejun/labs/sluggish/postgres1/files/srv/log/begun');
    await until('the second lab comes up', () => existsSync(begun), call);
    call.child.kill('SIGINT');
    const { code, stdout, stderr } = await call.ended;
    assert.equal(code, 3, stdout + stderr);
    assert.match(stderr, /^stopped/m);
    const junit = readFileSync(report, 'utf8');
    assert.match(junit, /<testsuite name="both on linux" tests="1" failures="0" errors="0"/);
    assert.match(junit, /<testsuite name="both on sluggish" tests="1" failures="0" errors="1"/);
    await workspace.nothingIsLeft();
  });
});
