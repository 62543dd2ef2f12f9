import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { runIn } from '../../test/conformance/sessions.ts';
import { freePort, SshServer } from '../../test/conformance/ssh-server.ts';
import { openSession } from '../sessions/open.ts';
import type { Lab } from './lab.ts';
import { never, silent } from './lab-trial.ts';
import { loadLab } from './load.ts';

const root = mkdtempSync(join(tmpdir(), 'tejun-servers-'));
let server: SshServer;
let other: SshServer;
before(async () => {
  [server, other] = await Promise.all([SshServer.start(), SshServer.start()]);
});
after(async () => {
  await Promise.all([server.close(), other.close()]);
  rmSync(root, { recursive: true });
});

/** A lab of two hosts on our servers; `more` is added to the first one. */
function lab(name: string, more = '', settings = ''): Lab {
  const host = (each: SshServer) =>
    `{address: 127.0.0.1, port: ${each.port}, key: ${each.file('key')}, known_hosts: ${each.file('known_hosts')}`;
  const text = `title: Two servers
driver: servers
${settings}hosts:
  one: ${host(server)}${more}}
  two: ${host(other)}, environment: {WHERE: two}, directory: /usr/share, facts: {role: standby, pg: 12}}
`;
  mkdirSync(join(root, 'labs', name), { recursive: true });
  writeFileSync(join(root, 'labs', name, 'lab.yaml'), text);
  return loadLab(name, { root });
}

test('a lab of servers comes up, is used, and goes down without a trace', async () => {
  const servers = lab('life');
  assert.deepEqual(
    [servers.hosts, servers.disposable, servers.typing, servers.checkpoints],
    [['one', 'two'], false, true, []],
  );
  assert.deepEqual(await servers.status(), [
    { host: 'one', state: 'down', detail: '' },
    { host: 'two', state: 'down', detail: '' },
  ]);
  assert.throws(() => servers.access('one'), /the lab life is not up/);
  await servers.up(silent, never);
  const instance = servers.instance();
  assert.ok(instance);
  await servers.up(silent, never);
  assert.equal(servers.instance(), instance, 'a second up does nothing');
  assert.deepEqual(await servers.status(), [
    { host: 'one', state: 'ready', detail: `127.0.0.1:${server.port}` },
    { host: 'two', state: 'ready', detail: `127.0.0.1:${other.port}` },
  ]);
  assert.throws(() => servers.access('three'), /has no host three; it has one, two/);

  const facts = await servers.facts('two');
  assert.deepEqual([facts.os, facts.shell, facts.role, facts.pg], ['linux', 'bash', 'standby', '12']);
  const session = await openSession(servers.access('two'), 'steps');
  assert.equal((await runIn(session, 'echo $WHERE $PAGER; pwd; x=1')).output, 'two cat\r\n/usr/share\r\n');
  await assert.rejects(
    openSession(servers.access('two'), 'steps'),
    /session steps on host two is in use by this process/,
  );

  await servers.reset(undefined, silent, never);
  assert.notEqual(servers.instance(), instance);
  assert.equal((await runIn(session, 'echo never')).end.kind, 'disconnected');
  await assert.rejects(servers.reset('ready', silent, never), /cannot be put back to the checkpoint ready\n.*--from/);

  const last = await openSession(servers.access('one'), 'steps');
  await servers.down(silent);
  assert.equal((await runIn(last, 'echo never')).end.kind, 'disconnected');
  assert.equal(existsSync(join(root, '.tejun/labs/life')), false);
  assert.equal(servers.instance(), undefined);
});

test('a server that nobody needs is left alone, and connected to when it is needed', async () => {
  const part = lab('part', `, jump: "127.0.0.1:${await freePort()}"`);
  await part.up(silent, never, new Set(['two']));
  const instance = part.instance();
  assert.deepEqual([part.reached(), (await part.facts('two')).role], [['two'], 'standby']);
  await assert.rejects(part.up(silent, never, new Set(['one', 'two'])), /host one: .*connection refused/);
  assert.deepEqual([part.instance(), part.reached()], [instance, ['two']]);
  const session = await openSession(part.access('two'), 'steps');
  assert.equal((await runIn(session, 'echo $WHERE')).output, 'two\r\n');
  await part.down(silent);
  assert.deepEqual(part.reached(), []);
});

test('what cannot be reached keeps the lab down, all of it named', async () => {
  const nobody = await freePort();
  const broken = lab('broken', `, jump: "127.0.0.1:${nobody}"`);
  await assert.rejects(broken.up(silent, never), (error: Error) => {
    assert.match(error.message, /^host one: 127\.0\.0\.1, port \d+: connection refused\n {4}hint: /);
    assert.doesNotMatch(error.message, /host two/);
    return true;
  });
  assert.equal(broken.instance(), undefined);
  assert.equal(existsSync(join(root, '.tejun/labs/broken')), false);
  const abort = AbortSignal.abort(new Error('enough'));
  await assert.rejects(lab('aborted').up(silent, abort), /enough/);
});

test('a server that goes away while the lab is up is told of', async () => {
  const own = await SshServer.start();
  const name = 'leaving';
  mkdirSync(join(root, 'labs', name), { recursive: true });
  const text = `title: One\ndriver: servers\nhosts:\n  one: {address: 127.0.0.1, port: ${own.port}, key: ${own.file('key')}, known_hosts: ${own.file('known_hosts')}}\n`;
  writeFileSync(join(root, 'labs', name, 'lab.yaml'), text);
  const servers = loadLab(name, { root });
  await servers.up(silent, never);
  writeFileSync(own.file('known_hosts'), '');
  const [status] = await servers.status();
  assert.equal(status?.state, 'broken');
  assert.match(status?.detail ?? '', /^the host key of .* is not known$/);
  await own.close();
  await servers.down(silent);
});

test('doctor tells of each server how far one gets', async () => {
  const well = await lab('well').doctor();
  assert.deepEqual(
    well.filter(({ ok }) => !ok),
    [],
  );
  const told = well.map(({ what }) => what).join('\n');
  for (const pattern of [
    /^one: lets us in at 127\.0\.0\.1:\d+, and its host key is the known one$/m,
    /^one: bash 5\.\d+$/m,
    /^one: starts a shell with a terminal$/m,
    /^one: runs a helper beside it$/m,
    /^two: commands that wait for keys are noticed/m,
    /^one: (PostgreSQL \d+|no PostgreSQL in the path of its login)/m,
  ])
    assert.match(told, pattern);

  const ill = await lab('ill', `, host_key_alias: somebody`).doctor();
  const [first] = ill;
  assert.equal(first?.ok, false);
  assert.match(first?.what ?? '', /^one: the host key of somebody .* is not known$/);
  assert.match(first?.hint ?? '', /ssh-keyscan/);
  assert.ok(ill.some(({ ok, what }) => ok && what.startsWith('two: lets us in')));
});

/** What doctor has against a server with these lines in its sshd_config, of root and with an ordinary login. */
async function illsOf(options: readonly string[], more = ''): Promise<string> {
  const own = await SshServer.startWithLogin(options);
  const folder = join(root, 'labs/ills');
  mkdirSync(folder, { recursive: true });
  const { user, port } = own.settings;
  const text = `title: One\ndriver: servers\nhosts:\n  one: {address: 127.0.0.1, port: ${port}, user: ${user}, key: ${own.file('key')}, known_hosts: ${own.file('known_hosts')}${more}}\n`;
  writeFileSync(join(folder, 'lab.yaml'), text);
  const found = await loadLab('ills', { root }).doctor();
  await own.close();
  return found.flatMap(({ ok, what, hint }) => (ok ? [] : [`${what} | ${hint}`])).join('\n');
}

test('doctor tries what a step needs', async () => {
  assert.equal(await illsOf([]), '');
  assert.match(await illsOf(['PermitTTY no']), /^one: 127\.0\.0\.1 runs no command for us: .* \| .*PermitTTY/);
  assert.match(await illsOf(['MaxSessions 1']), /^one: no helper runs beside the shell .* \| .*MaxSessions/);
  assert.match(
    await illsOf(['ForceCommand echo Closed until Monday; exit 1']),
    /^one: a login on 127\.0\.0\.1 does not come to bash: it ended; it printed: Closed until Monday \| /,
  );
  const database = `, database: {user: postgres, name: postgres, port: ${await freePort()}}`;
  assert.match(
    await illsOf([], database),
    /^one: 127\.0\.0\.1 cannot connect to its port \d+: .* \| does the server there run/,
  );
});

test('a server that is no Windows is not taken for one', async () => {
  const windows = lab('windows', ', system: windows', 'typing: false\n');
  await assert.rejects(windows.up(silent, never), (error: Error) => {
    assert.match(error.message, /^host one: a login on one lands neither in cmd nor in PowerShell: .*%ComSpec%/);
    assert.match(error.message, /\n {4}hint: is it a Windows server\?/);
    return true;
  });
  const found = (await windows.doctor()).filter(({ what }) => what.startsWith('one'));
  assert.deepEqual(
    found.map(({ ok }) => ok),
    [true, false],
  );
});

test('two runners do not use the servers at once', async () => {
  const servers = lab('locked');
  const release = await servers.lock();
  await assert.rejects(servers.lock(), /the lab locked is in use/);
  release();
});
