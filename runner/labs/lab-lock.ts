import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isAlive, type ProcessIdentity, readProcess } from '../sessions/process-table.ts';
import { readJson } from './json-file.ts';
import { LabError } from './lab-error.ts';

type Holder = ProcessIdentity & { readonly command: string; readonly since: string };

/**
 * Takes a lab's lock; the returned function gives it back. The kernel holds it (flock(1)) for a child that ends with us,
 * however we end, so that a lock can never be stale. Rejects when it is taken, and says by whom.
 */
export async function lockLab(lab: string, path: string): Promise<() => void> {
  mkdirSync(dirname(path), { recursive: true });
  // A short wait, because a holder that was killed or has just released needs a moment to be gone.
  const script = 'echo held; exec cat >/dev/null';
  const child = spawn('/usr/bin/flock', ['--no-fork', '--wait', '0.5', path, '/bin/sh', '-c', script], {
    stdio: ['pipe', 'pipe', 'ignore'],
    // Ctrl-C is ours: the lock is kept until what we do with the lab has come to its end.
    detached: true,
  });
  const answer = await Promise.race([
    once(child.stdout, 'data').then(() => 'held' as const),
    once(child, 'exit').then(() => 'taken' as const),
    once(child, 'error').then(([error]) => error as Error),
  ]).catch((error: unknown) => error as Error);
  if (answer instanceof Error) {
    throw new LabError(`the lab ${lab} cannot be locked: ${answer.message}; it needs flock from util-linux`);
  }
  if (answer === 'taken') throw new LabError(taken(lab, path));
  child.unref();
  for (const pipe of [child.stdin, child.stdout]) (pipe as unknown as { unref(): void }).unref();
  const since = new Date().toISOString();
  const me: Holder = {
    pid: process.pid,
    startTime: readProcess(process.pid)?.startTime ?? '',
    command: commandLine(),
    since,
  };
  // In place: another file would be another lock.
  writeFileSync(path, JSON.stringify(me));
  return () => void child.kill('SIGKILL');
}

function taken(lab: string, path: string): string {
  const holder = readJson<Holder>(path);
  const who =
    holder !== undefined && isAlive(holder)
      ? `process ${holder.pid} (${holder.command}) since ${holder.since}`
      : 'another process';
  return `the lab ${lab} is in use by ${who}; wait until it has ended, or end it, and try again`;
}

/** Who we are for others; the values of variables may be secrets. */
function commandLine(): string {
  const args = process.argv.slice(2);
  const shown = args.map((arg, index) =>
    args[index - 1] === '--var' || arg.startsWith('--var=') ? arg.replace(/^((?:--var=)?[^=]*=).*$/s, '$1…') : arg,
  );
  return ['tejun', ...shown].join(' ');
}
