import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { eventually } from '../../../test/conformance/eventually.ts';
import { listProcesses } from '../process-table.ts';

const script = readFileSync(join(import.meta.dirname, 'remote-helper.sh'), 'utf8');

it('a helper whose answers nobody takes any more still ends what its session has left', async () => {
  // A process session of its own, with a job that heeds no hang-up.
  const jobs = `nohup sleep 765471 >/dev/null 2>&1 & echo begun; sleep 765472`;
  const leader = spawn('/bin/bash', ['-c', jobs], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  const left = () => listProcesses().filter(({ session }) => session === leader.pid).length;
  const helper = spawn('/bin/bash', ['--norc', '--noprofile', '-s', 'key'], { stdio: ['pipe', 'pipe', 'ignore'] });
  try {
    await once(leader.stdout, 'data');
    helper.stdin.write(`${script}1 guard ${leader.pid}\n`);
    let printed = '';
    helper.stdout.on('data', (chunk: Buffer) => {
      printed += String(chunk);
    });
    await eventually('it answers', () => printed.includes('key end 1\n'));
    assert.ok(left() >= 2);
    helper.stdout.destroy();
    helper.stdin.end(`2 stat ${leader.pid}\n`);
    await eventually('the session has ended', () => left() === 0);
  } finally {
    for (const { pid, session } of listProcesses()) if (session === leader.pid) process.kill(pid, 'SIGKILL');
    helper.kill('SIGKILL');
  }
});
