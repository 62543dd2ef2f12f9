import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { CommandEnd } from '../../core/run/model.ts';
import { eventually } from '../../test/conformance/eventually.ts';
import { runIn } from '../../test/conformance/sessions.ts';
import { SshServer } from '../../test/conformance/ssh-server.ts';
import type { Lab } from '../labs/lab.ts';
import { never, onHost, silent } from '../labs/lab-trial.ts';
import { loadLab } from '../labs/load.ts';
import { openSession } from '../sessions/open.ts';
import { signalProcess } from '../sessions/process-table.ts';
import type { DatabaseAccess, DatabaseWay } from './access.ts';
import { type ConnectOptions, connectDatabase } from './connect.ts';
import { type DatabaseSession, openDatabaseSession } from './database-session.ts';

// All on one lab `linux` of the tests' own, whose server is asked by psql on the host and by us from outside.

const checkout = join(import.meta.dirname, '..', '..');
const root = mkdtempSync(join(tmpdir(), 'tejun-databases-'));
let lab: Lab;
let access: DatabaseAccess;
let session: DatabaseSession;

before(async () => {
  mkdirSync(join(root, 'labs'));
  cpSync(join(checkout, 'labs/linux'), join(root, 'labs/linux'), { recursive: true });
  lab = loadLab('linux', { root });
  await lab.up(silent, never);
  const found = lab.database('postgres1');
  assert.ok(found);
  access = found;
  session = await openDatabaseSession(access, 'database postgres', { database: 'postgres' });
});
after(async () => {
  await session.close();
  await lab.down(silent);
  rmSync(root, { recursive: true });
});

type Ran = { readonly end: CommandEnd; readonly output: string };

async function run(
  command: string,
  {
    on = session,
    timeout = 20_000,
    signal = never,
  }: { on?: DatabaseSession; timeout?: number; signal?: AbortSignal } = {},
): Promise<Ran> {
  let output = '';
  const end = await on.run({
    command,
    timeout,
    signal,
    onOutput: (text) => {
      output += text;
    },
  });
  return { end, output: output.replaceAll('\r\n', '\n') };
}

/** What psql on the host prints. */
function psql(command: string, options = ''): string {
  return onHost(lab, `psql -X ${options} -c "$(cat <<'END'\n${command}\nEND\n)" 2>&1 || :`);
}

/** What psql on the host prints, with the blanks around it. */
function psqlWhole(command: string): string {
  return onHost(lab, `echo '['; psql -X -c "$(cat <<'END'\n${command}\nEND\n)" 2>&1 || :; echo ']'`).slice(2, -1);
}

/** Without ASCII blanks at the ends of lines, which nothing compares, and without empty lines at the end. */
function trimmed(text: string): string {
  return text.replace(/ +$/gm, '').replace(/\n+$/, '');
}

/** Waits until a statement runs on the server, or no longer does. */
function untilRunning(sign: string, count: number): Promise<void> {
  const query = `select count(*) from pg_stat_activity where state = 'active' and query like '%${sign}%' and pid <> pg_backend_pid()`;
  return eventually(`${count} × ${sign}`, () => psql(query, '-At') === `${count}`);
}

/** A second connection, which is closed after the work. */
async function connected<T>(
  way: Partial<DatabaseAccess>,
  options: ConnectOptions,
  work: (connection: Awaited<ReturnType<typeof connectDatabase>>) => Promise<T>,
): Promise<T> {
  const connection = await connectDatabase({ ...access, ...way }, options);
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

const whoAndWhere =
  "select current_user as u, current_database() as d, current_setting('port') as p, current_setting('application_name') as a, current_setting('work_mem') as w";

test('a connection goes where the lab file says, whatever the environment says', async () => {
  const usual = await connected({}, {}, (connection) => connection.query(whoAndWhere));
  const port = onHost(lab, 'echo $PGPORT');
  assert.deepEqual(usual, [{ u: 'postgres', d: 'postgres', p: port, a: 'tejun', w: '4MB' }]);
  const misleading = {
    PGHOST: '127.0.0.2',
    PGPORT: '1',
    PGUSER: 'other',
    PGDATABASE: 'other',
    PGPASSWORD: 'other',
    PGAPPNAME: 'other',
    PGOPTIONS: '-c work_mem=1MB',
    PGREPLICATION: 'database',
    PGSSLMODE: 'require',
    PGSSLNEGOTIATION: 'direct',
    PGBINARY: '1',
    PGCLIENT_ENCODING: 'LATIN1',
    PGSERVICE: 'other',
  };
  Object.assign(process.env, misleading);
  try {
    assert.deepEqual(await connected({}, {}, (connection) => connection.query(whoAndWhere)), usual);
  } finally {
    for (const name of Object.keys(misleading)) delete process.env[name];
  }
});

test('a link on the host is not followed to this machine', async () => {
  onHost(lab, 'ln -s /run/postgresql /srv/link');
  assert.equal(access.way.kind, 'socket');
  const way = { ...access.way, path: access.way.path.replace('/run/postgresql', '/srv/link') } as DatabaseWay;
  await assert.rejects(connectDatabase({ ...access, way }), /host postgres1: \/srv\/link is a symbolic link/);
});

test('who is not let in is told why', async () => {
  await assert.rejects(connectDatabase(access, { name: 'nix' }), /database "nix" does not exist\n {4}hint: see `name`/);
  await assert.rejects(connectDatabase({ ...access, user: 'nix' }), /role "nix" does not exist\n {4}hint: see `user`/);
  const nowhere = { kind: 'socket', path: '/nonexistent/.s.PGSQL.1', isMeant: () => true } as const;
  await assert.rejects(connectDatabase({ ...access, way: nowhere }), /there is none\n {4}hint: does its server run/);
  const gone = { ...access.way, isMeant: () => false } as DatabaseWay;
  await assert.rejects(connectDatabase({ ...access, way: gone }), /host postgres1 is gone/);
});

test('output is what psql prints', async () => {
  await run("create table tbl (i int primary key, t text); insert into tbl values (1, 'one'), (2, null)");
  const queries = [
    'table tbl',
    'select',
    'select 1 as one where false',
    "select i, repeat('あ', i) as w, i * 1.5 as n, null as empty, E'a\\nb' as lines, E't\\tab\\r\\x01' as c from generate_series(1, 3) i",
    `select 1 as "two\nlines", true as b, array[1, 2] as a, '{"a": 1}'::jsonb as j, '1 day'::interval as iv, 12::money as m, now()::date as d`,
    "insert into tbl values (3, 'three') returning i; delete from tbl where i = 3",
    'explain (costs off) table tbl',
    'copy tbl to stdout',
    "do $$begin raise notice 'hello %', 1 using detail = 'd', hint = 'h'; end$$",
    'drop table if exists nix',
    "begin; set local work_mem = '5MB'; show work_mem; commit",
    'listen channel; unlisten *',
    '-- nothing',
    'selct 1',
    'select 1;\n  select nix,\n\t1',
    "select 'あ', nix",
    'insert into tbl values (1)',
    'do $$begin perform 1 / 0; end$$',
    'vacuum; select 1',
    'select 1 / (i - 2) from tbl i(i)',
    // Cut by libpq at the right, at the left, at both ends, and by the columns of wide characters; tabs and line ends.
    "select nix, 'a line of more than sixty columns, which is cut at its right end', 1",
    "select 'a line of more than sixty columns, which is cut at its left end, since', nix",
    "select 'a line of more than sixty columns that is cut at both of its ends', nix, 'for it goes on behind the mark, too'",
    "select 'あいうえおかきくけこさしすせそたちつてと', nix, 'あいうえおかきくけこさしすせそ', 'なにぬねの'",
    "select '🚀❤️e\u0301', '\t', nix, 'a line with a tab, emoji and a combining mark, longer than sixty'",
    `select 1,\r\n  2,\r  nix, '${'x'.repeat(44)}'`,
    `select 1,\n  ${'x'.repeat(70)}`,
    `select '${'x'.repeat(58)}' 1 from`,
    `select ('${'x'.repeat(70)}'`,
    'select 1 +\n\n ',
    // What a prepared text says is no place in the text that runs it.
    'prepare p as select * from tbl; execute p(1)',
    'create temporary table gone (i int); prepare q as select i,                                         i from gone; alter table gone drop i; execute q',
    "do $$begin execute 'select nix from a_table_whose_name_is_long_enough_for_a_cut_in_an_inner_query'; end$$",
    // psql shows a status of none of these, and that of each of those.
    'create or replace procedure inout_one(inout i int) language plpgsql as $$begin i := i + 1; end$$; call inout_one(1)',
    'create or replace procedure nothing() language sql as $$select 1$$; call nothing()',
    'copy (select 1 where false) to stdout',
    "copy (select 1) to stdout; copy (select 1) to program 'cat >/dev/null'",
    'begin; declare c cursor for select 1; fetch c; move c; close c; commit',
    "update tbl set t = 't' where false returning *; delete from tbl where false returning i",
    'merge into tbl using (values (1)) v(n) on i = n when matched then do nothing',
    'prepare r as select 1 as one; execute r; deallocate r',
    // Blanks that are data, characters of no and of two columns, cells of several lines, control characters.
    "select e'no-break\\u00a0' as a; select e'ideographic\\u3000' as b; select e'a\\u3000', e'\\u3000b\\u2003' as c",
    "select '✅' as \"❌\", '🚀⭐' as e, 'x' as x union all select '🌡🕹', e'e\\u0301\\u200b\\u00ad', '|'",
    "select e'1\\n22\\n' as a, 3 as b, e'\\n' as c union all select '', null, e'x\\n\\ny'",
    "select e'\\u0001\\u007f\\u0085\\u009b1m' as c, e'a\\tb' as t, array[[1,2],[3,4]] as a, row(1, null) as r",
    'select 1 as "a\nb", \'x\' as "ccc\n\nd"',
    'select from generate_series(1, 2100)',
  ];
  for (const query of queries) {
    const { output } = await run(query);
    // The number of a process, and by whom a message was relayed, differ.
    const same = (text: string): string => trimmed(text).replace(/PID \d+/, 'PID');
    assert.equal(same(output), same(psqlWhole(query)), query);
  }
});

test('a position that is none in the query is not shown, however the server came to it', async () => {
  await run(
    'create table shrinking (i int); prepare past as select                                   i, i from shrinking',
  );
  const { output } = await run('alter table shrinking rename i to j; execute past');
  assert.equal(output, 'ALTER TABLE\nERROR:  column "i" does not exist\n');
});

test('an error is exit code 1, and nothing of its fence has happened', async () => {
  const { end, output } = await run('insert into tbl values (7); select 1 / 0; select 2');
  assert.deepEqual(end, { kind: 'exited', code: 1 });
  assert.equal(output, 'INSERT 0 1\nERROR:  division by zero\n');
  assert.equal((await run('select count(*) from tbl where i = 7')).output.split('\n')[2]?.trim(), '0');
  const copy = await run('copy tbl from stdin');
  assert.deepEqual(copy.end, { kind: 'exited', code: 1 });
  assert.match(copy.output, /^ERROR: {2}COPY from stdin failed: a step in SQL has no standard input/);
});

test('what a text begins is there for the next one, and only on this connection', async () => {
  await run("begin; set local work_mem = '7MB'; create temporary table own (i int)");
  assert.match((await run('show work_mem; select count(*) from own')).output, / 7MB\n[\s\S]*\n +0\n/);
  const settings = await connected({}, {}, (connection) => connection.query('show work_mem'));
  assert.deepEqual(settings, [{ work_mem: '4MB' }]);
  assert.equal((await run('rollback')).output, 'ROLLBACK\n');
});

test('time limit and stop end the statement on the server, and the connection lives on', async () => {
  const { end, output } = await run('select 1 as limited, pg_sleep(1000)', { timeout: 100 });
  assert.deepEqual(end, { kind: 'timed-out', afterMs: 100 });
  assert.equal(output, 'ERROR:  canceling statement due to user request\n');
  await untilRunning('limited', 0);
  const stop = new AbortController();
  const stopped = run('select 2 as stopped, pg_sleep(1000)', { signal: stop.signal });
  await untilRunning('stopped', 1);
  stop.abort();
  assert.deepEqual((await stopped).end, { kind: 'stopped' });
  await untilRunning('stopped', 0);
  assert.deepEqual((await run('select 1', { signal: stop.signal })).end, { kind: 'stopped' });
  assert.deepEqual((await run('select 1')).end, { kind: 'exited', code: 0 });
});

test('a long result is neither held nor read faster than it is taken', async () => {
  const pieces: number[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const running = session.run({
    command: "select i, repeat('x', 1000) from generate_series(1, 50000) i",
    timeout: 30_000,
    signal: never,
    onOutput: (text) => {
      pieces.push(text.length);
      return pieces.length === 1 ? promise : undefined;
    },
  });
  // While the first piece is not taken the server is stuck at sending the rest.
  const waits = "select count(*) from pg_stat_activity where wait_event = 'ClientWrite'";
  await eventually('the server waits for us', () => pieces.length > 0 && psql(waits, '-At') === '1');
  assert.equal(pieces.length, 1);
  resolve();
  assert.deepEqual(await running, { kind: 'exited', code: 0 });
  assert.ok(pieces.reduce((sum, piece) => sum + piece, 0) > 50_000_000);
  assert.ok(Math.max(...pieces) < 4_000_000, `${Math.max(...pieces)}`);
});

suite('over SSH', () => {
  let server: SshServer;
  const secret = join(root, 'password');
  before(async () => {
    server = await SshServer.start();
    await run("set password_encryption = 'scram-sha-256'; alter role postgres password 'correct-horse'");
    writeFileSync(secret, 'correct-horse\n');
  });
  after(() => server.close());
  const byPort = (): DatabaseAccess => ({
    ...access,
    way: { kind: 'ssh', server: server.settings, to: { port: Number(onHost(lab, 'echo $PGPORT')) } },
    password: { kind: 'file', path: secret },
  });

  test('a port and a socket of the server are reached, with its password', async () => {
    const asked = 'select inet_server_addr() as a';
    assert.deepEqual(await connected(byPort(), {}, (each) => each.query(asked)), [{ a: '127.0.0.1' }]);
    const to = { socket: access.way.kind === 'socket' ? access.way.path : '' };
    const bySocket: DatabaseAccess = { ...access, way: { kind: 'ssh', server: server.settings, to } };
    assert.deepEqual(await connected(bySocket, {}, (each) => each.query(asked)), [{ a: null }]);
  });

  test("psql in a step does not read what the login's own ~/.psqlrc makes of it", async () => {
    writeFileSync(server.file('home/.psqlrc'), '\\pset format unaligned\n\\timing\n');
    const folder = join(root, 'labs/far');
    mkdirSync(folder);
    const { user, port } = server.settings;
    const host = `{address: 127.0.0.1, port: ${port}, user: ${user}, key: ${server.file('key')}, known_hosts: ${server.file('known_hosts')}, environment: {PGPASSWORD: correct-horse}}`;
    writeFileSync(join(folder, 'lab.yaml'), `title: Far\ndriver: servers\nhosts:\n  one: ${host}\n`);
    const far = loadLab('far', { root });
    await far.up(silent, never);
    const steps = await openSession(far.access('one'), 'steps');
    const database = `-h 127.0.0.1 -p ${onHost(lab, 'echo $PGPORT')} -U postgres`;
    const ran = await runIn(steps, `psql ${database} -c 'select 1 as a, 2 as b'`);
    assert.equal(ran.output, ' a | b \r\n---+---\r\n 1 | 2\r\n(1 row)\r\n\r\n');
    await far.down(silent);
  });

  test('a password that is missing or wrong is told', async () => {
    await assert.rejects(
      connectDatabase({ ...byPort(), password: undefined }),
      /asks for the password of postgres[\s\S]*password_from/,
    );
    writeFileSync(`${secret}.wrong`, 'wrong');
    const wrong = { ...byPort(), password: { kind: 'file', path: `${secret}.wrong` } as const };
    await assert.rejects(connectDatabase(wrong), /password authentication failed[\s\S]*password_from/);
    const closed = { kind: 'ssh', server: server.settings, to: { port: 1 } } as const;
    await assert.rejects(connectDatabase({ ...access, way: closed }), /cannot connect to its port 1/);
  });

  test('a server that is not the host’s is refused, and the end of its connection harms nobody', async () => {
    const port = Number(onHost(lab, 'echo $PGPORT'));
    const local: DatabaseAccess = { ...byPort(), way: { kind: 'loopback', port, cluster: root } };
    await assert.rejects(connectDatabase(local), /host postgres1 has no cluster/);
    // Its end is told a little later: as an uncaught error, if nobody listens.
    const gone = "select count(*) from pg_stat_activity where client_addr = '127.0.0.1'";
    await eventually('its connection has ended', async () => (await run(gone)).output.includes(' 0\n'));
  });

  test('a statement is cancelled, and one whose connection is lost is no success', async () => {
    const far = await openDatabaseSession(byPort(), 'database postgres', { database: 'postgres' });
    assert.equal((await run('select pg_sleep(1000)', { on: far, timeout: 100 })).end.kind, 'timed-out');
    assert.deepEqual((await run('select 1', { on: far })).end, { kind: 'exited', code: 0 });
    const running = run('select 3 as far, pg_sleep(1000)', { on: far });
    await untilRunning('3 as far', 1);
    for (const worker of server.workers()) signalProcess(worker, 'SIGKILL');
    assert.equal((await running).end.kind, 'disconnected');
    assert.equal((await run('select 1', { on: far })).end.kind, 'disconnected');
    await far.close();
    psql("select pg_terminate_backend(pid) from pg_stat_activity where query like '%3 as far%'");
  });
});

suite('a connection that is lost', () => {
  for (const [how, end] of [
    [
      'the server ends it',
      () => psql("select pg_terminate_backend(pid) from pg_stat_activity where query like '%as lost%'"),
    ],
    ['the server is killed', () => onHost(lab, 'kill -9 $(head -n 1 $PGDATA/postmaster.pid)')],
  ] as const) {
    test(`because ${how} is no success, and takes no more statements`, async () => {
      const victim = await openDatabaseSession(access, 'database postgres', { database: 'postgres' });
      const running = run('select 1 as lost, pg_sleep(1000)', { on: victim });
      await untilRunning('as lost', 1);
      end();
      const { end: how } = await running;
      assert.equal(how.kind, 'disconnected');
      const next = await run('select 1', { on: victim });
      assert.equal(next.end.kind, 'disconnected');
      assert.equal(next.output, '');
      await victim.close();
    });
  }
});
