import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { page, until, Workspace } from './workspace.ts';

const settings = 'checkpoint: ready';

// The first step leaves a row each time that it runs. A shell's step stands between those in SQL.
const between = `
~~~sql step=first
create table if not exists t (i int);
insert into t values (1)
~~~

~~~sh step=shell
echo begun
sleep 0.7
~~~

~~~sql step=last
select count(*) from t
~~~
`;

const killed = `
~~~sh step=before
echo before >>/srv/log/trace
~~~

~~~sql step=slow
do $$begin raise notice 'begun'; end$$;
select pg_sleep(1)
~~~

~~~sh step=last
cat /srv/log/trace
~~~
`;

const changed = `
~~~sql step=captured
select 42 as answer, '{{word}}' as word
~~~

~~~expect table
answer         | word
---------------+-----
{{answer:int}} | {{word}}
~~~

~~~sql step=used until=5s
select {{answer}} + 1 as next
~~~

~~~expect
 next
------
   41
(1 row)
~~~

~~~sql step=danger danger="Drops a table" exit=1
drop table nix
~~~

~~~expect
ERROR:  table "nix" does not exist
~~~
`;

suite('steps in SQL', () => {
  const workspace = new Workspace({
    'between.mdx': page(between, settings),
    'killed.mdx': page(killed, settings),
    'changed.mdx': page(changed, `${settings}\nvars: {word: correct-horse}\nsecrets: [word]`).replace('until=5s', ''),
    'nowhere.mdx': page('~~~sql step=one\nselect 1\n~~~\n', 'host: here').replace('lab: linux', 'lab: checkout'),
  });
  after(() => workspace.close());

  /** Kills a run when its log has all of some texts in one line, and goes on with it. */
  async function killedAt(name: string, ...signs: string[]) {
    const known = workspace.logs().length;
    const call = workspace.start(['verify', name]);
    const there = () =>
      (workspace.logs()[known] ?? '').split('\n').some((line) => signs.every((sign) => line.includes(sign)));
    await until(`${signs} is logged`, there, call);
    call.child.kill('SIGKILL');
    assert.equal((await call.ended).code, undefined, 'the run was killed before it ended');
    return workspace.run('verify', '--resume');
  }

  test('that ran before a runner was killed are not repeated, and nothing runs in another connection', async () => {
    const { code, stdout, stderr } = await killedAt('between', '"kind":"output"', 'begun');
    assert.equal(code, 3, stderr);
    assert.doesNotMatch(stdout, /^passed .* first$/m);
    assert.match(stdout, /^passed .* shell$/m);
    assert.match(
      stdout,
      /errored .* last\n.*lost the connection to the database: the connection on which the earlier steps ran/,
    );
  });

  test('that were running when a runner was killed are errored, and the next ones are not run', async () => {
    const { code, stdout, stderr } = await killedAt('killed', '"kind":"step-started"', '"step":"slow"');
    assert.equal(code, 3, stderr);
    assert.match(stdout, /errored .* slow\n.*lost the connection to the database: it ended with the runner/);
    assert.match(stdout, /skipped .* last/);
  });

  test('are accepted, redacted, and capture and use values', async () => {
    const { code, stdout, stderr } = await workspace.run('accept', 'changed', '--yes');
    assert.equal(code, 0, stdout + stderr);
    assert.match(workspace.read('changed.mdx'), /^ next\n-+\n +43\n\(1 row\)\n```$/m);
    const log = workspace.logs().at(-1) ?? '';
    assert.match(log, /‹word›|‹secret›/);
    assert.ok(!log.includes('correct-horse'));
  });

  test('are refused before anything runs where the lab names no database', async () => {
    const { code, stderr } = await workspace.run('verify', 'nowhere');
    assert.equal(code, 2);
    assert.match(stderr, /nowhere\.mdx:\d+:1: step one: the lab file names no `database` on here.*\n {4}hint: /);
  });
});
