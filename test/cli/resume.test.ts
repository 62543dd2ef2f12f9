import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { type Ended, page, until, Workspace } from './workspace.ts';

// None of the steps can be run twice unseen: each leaves a line in a trace, which the last one reads.
const runbook = page(
  `
~~~sh step=create
psql -c "create table t (i int)"
echo create >> /srv/log/trace
echo token $RANDOM
~~~

~~~expect
CREATE TABLE
token {{token:int}}
~~~

~~~sh step=insert
echo begun
sleep 0.7
psql -c "insert into t values ({{token}})"
echo insert >> /srv/log/trace
~~~

~~~expect
begun
INSERT 0 1
~~~

~~~sh step=count
psql -Atc "select count(*), min(i) from t"
cat /srv/log/trace
~~~

~~~expect
1|{{token}}
create
insert
~~~
`,
  'checkpoint: ready',
);

suite('a killed run', () => {
  const workspace = new Workspace({ 'once.mdx': runbook });
  after(() => workspace.close());
  let known = 0;
  // The log of an earlier test's run says nothing about this one.
  const log = (): string => workspace.logs()[known] ?? '';
  const reached = (event: string, step: string) => () =>
    log()
      .split('\n')
      .some((line) => line.includes(`"kind":"${event}"`) && line.includes(`"step":"${step}"`));
  const labState = (): string => globSync(join(workspace.root, '.tejun/labs/linux/lab.json')).map(read).join();
  const trace = (): string =>
    globSync(join(workspace.root, '.tejun/labs/linux/postgres1/*/srv/log/trace')).map(read).join();

  /** Starts the program and kills it as soon as something is so. */
  async function killWhen(what: string, isSo: () => boolean, ...args: string[]): Promise<void> {
    const call = workspace.start(args);
    await until(what, isSo, call);
    call.child.kill('SIGKILL');
    assert.equal((await call.ended).code, undefined, 'the run was killed before it ended');
  }

  async function resume(): Promise<Ended> {
    const ended = await workspace.run('verify', '--resume');
    known = workspace.logs().length;
    assert.equal(ended.code, 0, ended.stdout + ended.stderr);
    assert.match(ended.stdout, /^passed +1 runbook, 3 passed/m);
    return ended;
  }

  test('is not hidden by a call that was refused, nor resumed after an edit', async () => {
    await killWhen('the insert begins', reached('step-started', 'insert'), 'verify', 'once');
    assert.equal((await workspace.run('verify', 'once', '--lab', 'linx')).code, 2);
    workspace.write('once.mdx', runbook.replace('echo begun', 'echo beg""un'));
    const { code, stderr } = await workspace.run('verify', '--resume');
    workspace.write('once.mdx', runbook);
    assert.equal(code, 2);
    assert.match(stderr, /^content\/docs\/once\.mdx:19:1: step insert was edited/);
    await resume();
    await workspace.nothingIsLeft();
  });

  test('while its lab was on the way has nothing to resume, and does not hinder the next one', async () => {
    await killWhen('the lab is on the way', () => labState().includes('"checkpoint"'), 'verify', 'once');
    assert.equal((await workspace.run('verify', '--resume')).code, 2);
    const { code, stdout, stderr } = await workspace.run('verify', 'once');
    known = workspace.logs().length;
    assert.equal(code, 0, stdout + stderr);
    await workspace.nothingIsLeft();
  });

  test('that is not resumed does not hinder the next one', async () => {
    await killWhen('the insert begins', reached('step-started', 'insert'), 'verify', 'once');
    const { code, stdout, stderr } = await workspace.run('verify', 'once');
    assert.equal(code, 0, stdout + stderr);
    await workspace.nothingIsLeft();
    assert.equal((await workspace.run('verify', '--resume')).code, 2);
    known = workspace.logs().length;
  });

  test('is resumed twice as well, and leaves a lab up that was up before', async () => {
    assert.equal((await workspace.run('lab', 'up')).code, 0);
    // What is noted as started may not have reached the shell yet; what has printed something has.
    await killWhen('the insert has begun', reached('output', 'insert'), 'verify', 'once');
    await killWhen('the insert is taken up', reached('step-taken-up', 'insert'), 'verify', '--resume');
    await until('the insert is done', () => trace().includes('insert'));
    const { stdout } = await resume();
    assert.doesNotMatch(stdout, /^passed .* create$/m);
    assert.match(labState(), /"instance"/);
  });

  const moments: readonly (readonly [string, () => boolean])[] = [
    ['the first step begins', reached('step-started', 'create')],
    ['the insert is done but not yet judged', () => reached('step-started', 'insert')() && trace().includes('insert')],
    ['the last step begins', reached('step-started', 'count')],
  ];
  for (const [moment, isSo] of moments) {
    test(`when ${moment} is resumed, and nothing is run twice`, async () => {
      await killWhen(moment, isSo, 'verify', 'once');
      await resume();
    });
  }

  test('cannot be resumed on a lab that was reset', async () => {
    await killWhen('the insert begins', reached('step-started', 'insert'), 'verify', 'once');
    assert.equal((await workspace.run('lab', 'reset')).code, 0);
    const { code, stderr } = await workspace.run('verify', '--resume');
    known = workspace.logs().length;
    assert.equal(code, 3);
    assert.match(stderr, /was reset or restarted since the run was killed.*\n {4}hint: start over/);
  });
});

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
