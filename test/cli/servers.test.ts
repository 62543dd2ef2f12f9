import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { signalProcess } from '../../runner/sessions/process-table.ts';
import { freePort, SshServer } from '../conformance/ssh-server.ts';
import { type Call, page, until, Workspace } from './workspace.ts';

// The whole program on a lab of one's own servers: two of them, real ones, over SSH.

let servers: readonly SshServer[];
let workspace: Workspace;

before(async () => {
  servers = await Promise.all([SshServer.start(), SshServer.start()]);
  workspace = new Workspace({
    'good.mdx': page(
      `~~~sh step=note host=one
x=$((40 + 2))
echo "number $x"
~~~

~~~expect
number {{answer:int}}
~~~

~~~sh step=still-there host=one
echo $x; cd /usr
~~~

~~~expect
42
~~~

~~~sh step=other host=two until=10s
echo "$(basename $PWD) {{answer}}"
~~~

~~~expect
home 42
~~~

~~~sh step=background host=two background
echo begun; sleep 876541
~~~

~~~expect
begun
~~~`,
      'timeout: 10s',
    ),
    'three.mdx': page('~~~sh step=first host=two\necho two\n~~~\n\n~~~sh step=second host=three\necho three\n~~~'),
    'danger.mdx': page('~~~sh step=drop host=one danger="Drops it"\ntouch "$HOME/dropped"\n~~~', 'timeout: 10s'),
    'checkpoint.mdx': page('~~~sh step=never host=one\ntouch "$HOME/never"\n~~~', 'checkpoint: ready'),
    'cut.mdx': page(
      '~~~sh step=long host=one\necho halfway; sleep 876542\n~~~\n\n~~~expect\nhalfway\n~~~\n\n~~~sh step=after host=two\ntouch "$HOME/after"\n~~~',
      'timeout: 60s',
    ),
  });
  const hosts = servers.map(
    (server, index) =>
      `  ${['one', 'two'][index]}: {address: 127.0.0.1, port: ${server.port}, key: ${server.file('key')}, known_hosts: ${server.file('known_hosts')}}`,
  );
  const dead = `  three: {address: 127.0.0.1, port: ${await freePort()}}`;
  for (const [lab, its] of Object.entries({ mine: hosts, incident: [...hosts, dead] })) {
    mkdirSync(join(workspace.root, 'labs', lab), { recursive: true });
    writeFileSync(
      join(workspace.root, 'labs', lab, 'lab.yaml'),
      `title: Mine\ndriver: servers\nhosts:\n${its.join('\n')}\n`,
    );
  }
});

after(async () => {
  await workspace.close();
  await Promise.all(servers.map((server) => server.close()));
});

const homeHas = (file: string): boolean => servers.some((server) => existsSync(server.file(`home/${file}`)));

test('a page runs on two servers, values go from one to the other', async () => {
  const { code, stdout, stderr } = await workspace.run('verify', 'good', '--lab', 'mine');
  assert.equal(code, 0, stdout + stderr);
  assert.match(stdout, /4 passed/);
});

test('a dead server keeps only those steps from running that need it', async () => {
  const whole = await workspace.run('verify', 'good', '--lab', 'incident');
  assert.equal(whole.code, 0, whole.stdout + whole.stderr);
  const one = await workspace.run('verify', 'three', '--lab', 'incident', '--only', 'first', '--keep');
  assert.equal(one.code, 0, one.stdout + one.stderr);
  for (const choice of [['--only', 'second'], []]) {
    const needs = await workspace.run('verify', 'three', '--lab', 'incident', ...choice);
    assert.equal(needs.code, 3, needs.stdout);
    assert.match(needs.stderr, /host three: 127\.0\.0\.1, port \d+: connection refused/);
    assert.doesNotMatch(needs.stdout, /passed/);
  }
  const again = await workspace.run('verify', 'three', '--lab', 'incident', '--only', 'first');
  assert.equal(again.code, 0, again.stdout + again.stderr);
  assert.equal((await workspace.run('lab', 'down', 'incident')).code, 0);
});

test('a dangerous step asks, and does not run unasked', async () => {
  const { code, stdout, stderr } = await workspace.run('verify', 'danger', '--lab', 'mine');
  assert.notEqual(code, 0, stdout);
  assert.match(stdout + stderr, /was not confirmed/);
  assert.equal(homeHas('dropped'), false);
  assert.equal((await workspace.run('verify', 'danger', '--lab', 'mine', '--yes')).code, 0);
  assert.equal(homeHas('dropped'), true);
});

test('a page that begins at a checkpoint does not begin', async () => {
  const { code, stderr } = await workspace.run('verify', 'checkpoint', '--lab', 'mine');
  assert.equal(code, 3, stderr);
  assert.match(stderr, /servers, which cannot be put back to the checkpoint ready/);
  assert.equal(homeHas('never'), false);
  const reset = await workspace.run('lab', 'reset', 'mine');
  assert.equal(reset.code, 3);
  assert.match(reset.stderr, /the lab mine has no checkpoints/);
  const asItIs = await workspace.run('verify', 'checkpoint', '--lab', 'mine', '--from', 'never');
  assert.equal(asItIs.code, 0, asItIs.stderr);
  assert.equal(homeHas('never'), true);
});

/** Starts the page that is to be cut off, and waits until its step is halfway. */
async function halfway(): Promise<Call> {
  const before = workspace.logs().length;
  const call = workspace.start(['verify', 'cut', '--lab', 'mine']);
  const begun = () =>
    workspace
      .logs()
      .slice(before)
      .some((log) => log.includes('halfway\\r\\n'));
  await until('the step runs', begun, call);
  return call;
}

test('a connection that is cut in a step makes the step errored, and nothing more runs', async () => {
  const call = await halfway();
  for (const worker of servers[0]?.workers() ?? []) signalProcess(worker, 'SIGKILL');
  const { code, stdout, stderr } = await call.ended;
  assert.equal(code, 3, stdout + stderr);
  assert.match(stdout, /errored .*long/);
  assert.match(stdout, /the connection to one was lost/);
  assert.doesNotMatch(stdout, /passed .*(long|after)/);
  assert.equal(homeHas('after'), false);
});

test("a killed runner's step is neither repeated nor taken for done", async () => {
  const call = await halfway();
  process.kill(call.child.pid ?? 0, 'SIGKILL');
  await call.ended;
  const { code, stdout, stderr } = await workspace.run('verify', 'cut', '--lab', 'mine', '--resume');
  assert.equal(code, 3, stdout + stderr);
  assert.match(stdout, /ends with the runner that opened it/);
  assert.equal(homeHas('after'), false);
});

test('status and doctor speak of servers', async () => {
  assert.equal((await workspace.run('lab', 'up', 'mine')).code, 0);
  const status = await workspace.run('lab', 'status', 'mine');
  assert.match(status.stdout, /^mine +one +ready +127\.0\.0\.1:\d+\nmine +two +ready/);
  const doctor = await workspace.run('lab', 'doctor', 'mine');
  assert.equal(doctor.code, 0, doctor.stdout);
  assert.match(doctor.stdout, /^ok {3}one: lets us in/);
  const down = await workspace.run('lab', 'down', 'mine');
  assert.equal(down.code, 0);
  assert.match(down.stderr, /nothing on them changes/);
});
