import assert from 'node:assert/strict';
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../../test/conformance/eventually.ts';
import { listProcesses } from '../process-table.ts';

const script = readFileSync(join(import.meta.dirname, 'remote-helper.sh'), 'utf8');

/** A helper that waits `patience` seconds for a sign of life, beside a session that has a job which heeds no hang-up. */
async function besideSession(
  patience: string,
  work: (helper: ReturnType<typeof spawnHelper>, left: () => number) => Promise<void>,
): Promise<void> {
  const jobs = `nohup sleep 765471 >/dev/null 2>&1 & echo begun; sleep 765472`;
  const leader = spawn('/bin/bash', ['-c', jobs], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  const left = () => listProcesses().filter(({ session }) => session === leader.pid).length;
  const helper = spawnHelper(patience);
  try {
    await once(leader.stdout, 'data');
    let printed = '';
    helper.stdout.on('data', (chunk: Buffer) => {
      printed += String(chunk);
    });
    helper.stdin.write(`${script}1 guard ${leader.pid}\n`);
    await eventually('it answers', () => printed.includes('key end 1\n'));
    assert.ok(left() >= 2);
    await work(helper, left);
  } finally {
    for (const { pid, session } of listProcesses()) if (session === leader.pid) process.kill(pid, 'SIGKILL');
    helper.kill('SIGKILL');
  }
}

function spawnHelper(patience: string): ChildProcessByStdio<Writable, Readable, null> {
  return spawn('/bin/bash', ['--norc', '--noprofile', '-s', 'key', patience], { stdio: ['pipe', 'pipe', 'ignore'] });
}

it('a helper whose answers nobody takes any more still ends what its session has left', () =>
  besideSession('30', async (helper, left) => {
    helper.stdout.destroy();
    helper.stdin.end('2 scope\n');
    await eventually('the session has ended', () => left() === 0);
  }));

it('a helper that gets signs of life lets its session live, and ends it when they stop', () =>
  besideSession('3', async (helper, left) => {
    for (let beat = 0; beat < 20; beat++) {
      helper.stdin.write('\n');
      await sleep(200);
      assert.ok(left() >= 2);
    }
    await eventually('the session has ended', () => left() === 0);
  }));
