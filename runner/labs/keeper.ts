import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { isAlive, listProcesses, type ProcessEntry, signalProcess } from '../sessions/process-table.ts';
import { readJson } from './json-file.ts';
import { LabError } from './lab-error.ts';
import { type Keeper, type Login, ownerInside, unshareCommand } from './login.ts';

const init = join(import.meta.dirname, 'host-init.sh');

/**
 * Starts a host: one process, the keeper, that is pid 1 of the host's namespaces. When it ends, however that comes, the
 * kernel ends every process of the host and takes its mounts away. It outlives us, and writes down itself who it is.
 */
export async function startKeeper(host: string, directory: string, life: string, login: Login): Promise<Keeper> {
  const { uid, gid } = ownerInside(login);
  const [program = '', ...args] = [...unshareCommand(login.kind), '/bin/bash', init];
  const trouble = join(directory, 'keeper.log');
  const log = openSync(trouble, 'w');
  const child = spawn(program, [...args, host, directory, life, `${uid}`, `${gid}`], {
    cwd: '/',
    detached: true,
    stdio: ['ignore', 'pipe', log],
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
  });
  closeSync(log);
  const ready = await new Promise<boolean>((resolve) => {
    // `unshare` keeps its end of the pipe open: only one that fails closes it.
    child.stdout?.once('data', () => resolve(true)).once('close', () => resolve(false));
    child.once('error', () => resolve(false));
  });
  child.stdout?.destroy();
  child.unref();
  const keeper = liveKeeper(directory);
  if (ready && keeper?.life === life) return keeper;
  const why = readFileSync(trouble, 'utf8').trim() || `${program} could not be started`;
  await endKeepers(directory);
  throw new LabError(
    `host ${host} could not be made from namespaces: ${why}\n    hint: \`tejun lab doctor\` says what is missing`,
  );
}

/** The keeper that a host's directory records, if it lives. */
export function liveKeeper(directory: string): Keeper | undefined {
  const keeper = readJson<Keeper>(join(directory, 'keeper.json'));
  return keeper !== undefined && keeper.boot === bootId() && isAlive(keeper) ? keeper : undefined;
}

/** Ends everything that runs on the host of a directory, also what a killed runner had only begun to start. */
export async function endKeepers(directory: string): Promise<void> {
  const keeper = liveKeeper(directory);
  if (keeper) signalProcess(keeper, 'SIGKILL');
  for (const deadline = Date.now() + 15_000; ; await setTimeout(2)) {
    const left = startersOf(directory);
    if (left.length === 0 && (keeper === undefined || !isAlive(keeper))) return;
    // `unshare` ends by itself after its keeper, and clears it away; killed before, it would leave a zombie to init.
    const keepers = left.filter(({ name }) => name === 'bash');
    for (const entry of keepers.length > 0 ? keepers : left) signalProcess(entry, 'SIGKILL');
    if (Date.now() < deadline) continue;
    const pids = [...new Set([...left.map(({ pid }) => pid), ...(keeper ? [keeper.pid] : [])])].join(', ');
    throw new LabError(`processes ${pids} of ${directory} do not end; end them by hand (kill -9) and try again`);
  }
}

/** Keepers of a directory and the `unshare` processes before them. */
export function startersOf(directory: string): readonly ProcessEntry[] {
  return listProcesses().filter(({ pid, name }) => {
    if (name !== 'bash' && name !== 'unshare') return false;
    try {
      const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      return args.includes(directory) && args.some((arg) => arg.endsWith('/host-init.sh'));
    } catch {
      return false;
    }
  });
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}
