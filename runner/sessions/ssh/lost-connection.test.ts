import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { CommandEnd } from '../../../core/run/model.ts';
import { eventually } from '../../../test/conformance/eventually.ts';
import { Relay } from '../../../test/conformance/relay.ts';
import { runIn } from '../../../test/conformance/sessions.ts';
import { SshServer } from '../../../test/conformance/ssh-server.ts';
import { listProcesses, signalProcess } from '../process-table.ts';
import type { Session } from '../session.ts';
import { openSshSession } from './open-ssh-session.ts';
import type { SshAccess } from './ssh-access.ts';

/** Runs a command and does something in the middle of its output. */
async function during(
  session: Session,
  command: string,
  work: () => void,
): Promise<{ end: CommandEnd; output: string; seconds: number }> {
  let output = '';
  let begun = 0;
  const end = await session.run({
    command,
    timeout: 60_000,
    signal: new AbortController().signal,
    onOutput: (text) => {
      output += text;
      if (begun > 0 || !output.includes('begun')) return;
      begun = performance.now();
      work();
    },
  });
  return { end, output, seconds: (performance.now() - begun) / 1000 };
}

function running(sign: string): number {
  return listProcesses().filter(({ pid, name }) => name === 'sleep' && commandLine(pid).includes(sign)).length;
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** A command that leaves jobs of all kinds, which are known by `sign`. */
function longCommand(sign: string): string {
  return `nohup sleep ${sign}1 >/dev/null 2>&1 &\n(trap '' HUP TERM; exec sleep ${sign}2) &\necho begun; sleep ${sign}3; echo done`;
}

describe('a connection that is lost in the middle of a command', { concurrency: 3 }, () => {
  let server: SshServer;
  let far: SshServer;
  before(async () => {
    server = await SshServer.start();
    far = await SshServer.start();
  });
  after(async () => {
    await server.close();
    await far.close();
  });

  async function lost(access: SshAccess, sign: string, work: () => void): Promise<number> {
    const session = await openSshSession(access, 'steps');
    const { end, output, seconds } = await during(session, longCommand(sign), work);
    assert.equal(end.kind, 'disconnected');
    assert.match(end.kind === 'disconnected' ? end.why : '', /connection to there was lost .*nobody knows how far/);
    assert.match(output, /^begun\r\n/);
    assert.doesNotMatch(output, /done/);
    const next = await runIn(session, 'echo never');
    assert.deepEqual([next.end.kind, next.output], ['disconnected', '']);
    await session.close();
    return seconds;
  }

  it('because the server ends it', async () => {
    const own = await SshServer.start();
    const seconds = await lost(own.access(), '76541', () => {
      for (const worker of own.workers()) signalProcess(worker, 'SIGKILL');
    });
    assert.ok(seconds < 5, `${seconds} s`);
    await eventually('its jobs have ended', () => running('76541') === 0);
    await own.close();
  });

  it('because the server stands still', async () => {
    const workers = () => far.workers();
    const seconds = await lost(far.access(), '76542', () => {
      for (const worker of workers()) signalProcess(worker, 'SIGSTOP');
    });
    assert.ok(seconds > 5 && seconds < 20, `${seconds} s`);
    for (const worker of workers()) signalProcess(worker, 'SIGCONT');
    await eventually('its jobs have ended', () => running('76542') === 0);
  });

  it('because the network swallows everything', async () => {
    const relay = await Relay.start(server.port);
    const known = `[127.0.0.1]:${server.port}`;
    const access = server.access({ port: relay.port, hostKeyAlias: known });
    const seconds = await lost(access, '76543', () => relay.swallow());
    assert.ok(seconds > 5 && seconds < 20, `${seconds} s`);
    // The server hears nothing of it: its helper waits for a sign of life.
    await eventually('its jobs have ended', () => running('76543') === 0, 40_000);
    await relay.close();
  });

  it('because the network resets it, in the middle of a flood', async () => {
    const relay = await Relay.start(server.port);
    const access = server.access({ port: relay.port, hostKeyAlias: `[127.0.0.1]:${server.port}` });
    const session = await openSshSession(access, 'steps');
    const { end, seconds } = await during(session, 'echo begun; yes', () => relay.reset());
    assert.equal(end.kind, 'disconnected');
    assert.ok(seconds < 5, `${seconds} s`);
    await session.close();
    await relay.close();
  });

  it('because its jump host is lost', async () => {
    const jump = await SshServer.start();
    const access = server.access({ jumps: [jump.settings] });
    const seconds = await lost(access, '76544', () => {
      for (const worker of jump.workers()) signalProcess(worker, 'SIGKILL');
    });
    assert.ok(seconds < 5, `${seconds} s`);
    await eventually('its jobs have ended', () => running('76544') === 0);
    await jump.close();
  });

  it('because its runner is killed: then nothing of it is left, and nothing is taken up', async () => {
    const access = server.access();
    const runner = join(import.meta.dirname, '../../../test/conformance/killed-runner.ts');
    const child = spawn(process.execPath, [runner, JSON.stringify(access), longCommand('76545')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    await eventually('its jobs run', () => running('76545') >= 2);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await eventually('its jobs have ended', () => running('76545') === 0);
    const session = await openSshSession(access, 'steps');
    const signal = new AbortController().signal;
    const end = await session.takeUp(1, { timeout: 1000, signal, onOutput: () => undefined });
    assert.match(end?.kind === 'disconnected' ? end.why : '', /ends with the runner that opened it/);
    await session.close();
  });

  it('between commands: the next one is not run', async () => {
    const own = await SshServer.start();
    const session = await openSshSession(own.access(), 'steps');
    assert.equal((await runIn(session, 'echo a')).output, 'a\r\n');
    for (const worker of own.workers()) signalProcess(worker, 'SIGKILL');
    await eventually('the session is over', () => session.over !== undefined);
    const { end, output } = await runIn(session, 'echo b');
    assert.deepEqual([end.kind, output], ['disconnected', '']);
    await session.close();
    await own.close();
  });
});
