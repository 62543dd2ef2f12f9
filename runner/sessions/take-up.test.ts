import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { CommandEnd } from '../../core/run/model.ts';
import { localHost } from '../../test/conformance/local-host.ts';
import { runIn } from '../../test/conformance/sessions.ts';
import { type LocalSession, openLocalSession, sweepSessions } from './open-session.ts';
import { listProcesses } from './process-table.ts';
import type { HostAccess } from './session.ts';

const runner = join(import.meta.dirname, '../../test/conformance/killed-runner.ts');

/** Starts `command` in a runner of its own, kills that runner by SIGKILL as soon as it has printed `sign`. */
async function killedWhile(
  access: HostAccess,
  command: string,
  sign: string,
  enter: readonly string[] = [],
): Promise<void> {
  const [program = '', ...words] = [...enter, process.execPath, runner, JSON.stringify(access), command];
  const child: ChildProcess = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  let complaint = '';
  child.stderr?.on('data', (data) => {
    complaint += String(data);
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (data) => {
      printed += String(data);
      if (printed.includes(sign)) resolve();
    });
    // Not at its exit: what it printed last may come after that.
    child.once('close', (code, signal) => {
      reject(new Error(`the runner ended early with ${code ?? signal}: ${printed}${complaint}`));
    });
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exited;
}

async function takeUp(
  session: LocalSession,
  sequence: number,
): Promise<{ end: CommandEnd | undefined; output: string }> {
  let output = '';
  const end = await session.takeUp(sequence, {
    timeout: 20_000,
    signal: new AbortController().signal,
    onOutput: (text) => {
      output += text;
    },
  });
  return { end, output };
}

/** The holders of this host's sessions. */
function holders(access: HostAccess): number[] {
  const found = listProcesses().filter((entry) =>
    commandLine(entry.pid).includes(`hold-terminal.pl\0${access.directory}`),
  );
  return found.map((entry) => entry.pid);
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

describe('taking up', () => {
  it('a command that still runs after kill -9 of its runner, from its beginning', async () => {
    const access = localHost();
    await killedWhile(access, 'x=1; echo one; sleep 1; echo two; (exit 3)', 'one');
    const session = await openLocalSession(access, 'main');
    assert.deepEqual(await takeUp(session, 1), { end: { kind: 'exited', code: 3 }, output: 'one\r\ntwo\r\n' });
    const next = await runIn(session, 'echo $x');
    assert.deepEqual([next.output, next.sequence], ['1\r\n', 2]);
    assert.equal(await session.takeUp(3, request()), undefined);
    await session.close();
  });

  it('a command that has ended meanwhile', async () => {
    const access = localHost();
    await killedWhile(access, 'echo one', 'ended');
    const session = await openLocalSession(access, 'main');
    const expected = { end: { kind: 'exited', code: 0 }, output: 'one\r\n' };
    assert.deepEqual(await takeUp(session, 1), expected);
    assert.deepEqual(await takeUp(session, 1), expected);
    assert.equal((await runIn(session, 'echo ok')).output, 'ok\r\n');
    await session.close();
  });

  it('a command during which the shell ended, by a new shell', async () => {
    const access = localHost();
    await killedWhile(access, 'echo one; exit 4', 'ended');
    const session = await openLocalSession(access, 'main');
    const { end, output } = await takeUp(session, 1);
    assert.deepEqual(end, { kind: 'shell-exited', code: 4 });
    assert.match(output, /^one\r\n(exit\r\n)?$/);
    assert.equal((await runIn(session, 'echo ok')).sequence, 2);
    await session.close();
  });

  it('a flood that nobody read', async () => {
    const access = localHost();
    await killedWhile(access, `echo one; head -c 30M /dev/zero | tr '\\0' x; echo; echo two`, 'one');
    const session = await openLocalSession(access, 'main');
    const { end, output } = await takeUp(session, 1);
    assert.deepEqual([end, output.length], [{ kind: 'exited', code: 0 }, 5 + 30 * 1024 * 1024 + 2 + 5]);
    await session.close();
  });

  it('a command on a machine that has no inotify instance left', async (context) => {
    const scarce = ['unshare', '--user', '--map-root-user', 'sh', '-c'];
    const none = 'echo 0 >/proc/sys/user/max_inotify_instances && exec "$@"';
    if (spawnSync(scarce[0] ?? '', [...scarce.slice(1), none, 'sh', 'true']).status !== 0)
      return context.skip('user namespaces are not to be had here');
    const access = localHost();
    await killedWhile(access, 'echo one; echo two', 'ended', [...scarce, none, 'sh']);
    const session = await openLocalSession(access, 'main');
    const end: CommandEnd = { kind: 'exited', code: 0 };
    assert.deepEqual(await takeUp(session, 1), { end, output: 'one\r\ntwo\r\n' });
    await session.close();
  });

  it('no line that a killed runner left half typed', async () => {
    const access = localHost();
    const first = await openLocalSession(access, 'main');
    first.write('\x1b[200~touch /no/such; echo half');
    first.detach();
    const session = await openLocalSession(access, 'main');
    assert.deepEqual((await runIn(session, 'echo whole')).output, 'whole\r\n');
    await session.close();
  });

  it('detached sessions, with their state', async () => {
    const access = localHost();
    const first = await openLocalSession(access, 'main');
    await runIn(first, 'cd /usr; x=5');
    first.detach();
    const second = await openLocalSession(access, 'main');
    assert.equal((await runIn(second, 'echo $PWD $x')).output, '/usr 5\r\n');
    await second.close();
  });
});

describe('a session', () => {
  it('belongs to one runner at a time', async () => {
    const access = localHost();
    const session = await openLocalSession(access, 'main');
    await assert.rejects(openLocalSession(access, 'main'), /session main on host here is in use by this process/);
    await session.close();
  });

  it('empties its spool between commands, and knows what it no longer keeps', async () => {
    const access = localHost();
    const session = await openLocalSession(access, 'main');
    await runIn(session, `head -c 2M /dev/zero | tr '\\0' x`);
    assert.equal((await runIn(session, 'echo after')).output, 'after\r\n');
    assert.equal((await takeUp(session, 1)).end?.kind, 'disconnected');
    assert.deepEqual(await takeUp(session, 2), { end: { kind: 'exited', code: 0 }, output: 'after\r\n' });
    await session.close();
  });

  it('stops a flood while its reader is slow', async () => {
    const access = localHost();
    const session = await openLocalSession(access, 'main');
    let characters = 0;
    const end = await session.run({
      command: `head -c 40M /dev/zero | tr '\\0' x`,
      timeout: 30_000,
      signal: new AbortController().signal,
      onOutput: async (text) => {
        if (characters === 0) await new Promise((resolve) => setTimeout(resolve, 1500));
        characters += text.length;
      },
    });
    assert.deepEqual([end, characters], [{ kind: 'exited', code: 0 }, 40 * 1024 * 1024]);
    await session.close();
  });

  it('whose shell a killed runner was still setting up is begun anew, and what was before is still known', async () => {
    const access = localHost();
    const first = await openLocalSession(access, 'main');
    assert.deepEqual((await runIn(first, 'echo one')).end, { kind: 'exited', code: 0 });
    await runIn(first, 'kill -9 $$');
    first.detach();
    // Its shell never comes up.
    const slow = { ...access, enter: ['sh', '-c', 'sleep 765433'] };
    const child = spawn(process.execPath, [runner, JSON.stringify(slow), 'true'], { stdio: 'ignore' });
    const state = join(access.directory, 'main', 'state.json');
    const isThere = (): boolean => {
      try {
        return readFileSync(state, 'utf8').includes('"ready":false');
      } catch {
        // Between the file of the session before and this one's there is none.
        return false;
      }
    };
    for (const deadline = Date.now() + 10_000; !isThere(); await delay(2)) assert.ok(Date.now() < deadline);
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    const next = await openLocalSession(access, 'main');
    const { output, sequence } = await runIn(next, 'echo two');
    assert.deepEqual([output, sequence], ['two\r\n', 3]);
    assert.ok(existsSync(join(access.directory, 'main~', 'spool')), 'what the first shell printed is kept');
    await next.close();
  });

  it('says what is wrong when no shell comes up', async () => {
    const access = { ...localHost(), enter: ['sh', '-c', 'echo no such host; exit 1'] };
    await assert.rejects(openLocalSession(access, 'main'), /no such host/);
    assert.deepEqual(readdirSync(access.directory), []);
  });

  it('has the size that it was given', async () => {
    const session = await openLocalSession(localHost(), 'main', { columns: 100, rows: 40 });
    assert.equal((await runIn(session, 'stty size')).output, '40 100\r\n');
    await session.resize(90, 20);
    assert.equal((await runIn(session, 'stty size')).output, '20 90\r\n');
    await session.close();
  });

  it('is swept with all that runs in it', async () => {
    const access = localHost();
    await killedWhile(access, 'sleep 876543 & nohup sleep 876544 >/dev/null & echo one; sleep 876545', 'one');
    const other = await openLocalSession(access, 'a/b');
    other.detach();
    assert.equal(holders(access).length, 2);
    await sweepSessions(access.directory);
    assert.deepEqual(holders(access), []);
    assert.deepEqual(readdirSync(access.directory), []);
    const left = listProcesses().filter((entry) => entry.name === 'sleep' && commandLine(entry.pid).includes('87654'));
    assert.deepEqual(left, []);
  });
});

function request() {
  return { timeout: 1000, signal: new AbortController().signal, onOutput: () => undefined };
}
