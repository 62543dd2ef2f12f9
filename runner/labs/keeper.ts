import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { isAlive, listProcesses, type ProcessEntry, signalProcess } from '../sessions/process-table.ts';
import { readJson } from './json-file.ts';
import { LabError } from './lab-error.ts';
import type { Keeper } from './login.ts';

/** How a keeper is started. */
export type KeeperStart = {
  /** Where it writes down who it is. */
  readonly directory: string;
  /** Name of its life. */
  readonly life: string;
  /** Program and arguments that become it; `life` is appended. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
};

/** The end of a keeper's command: its init script, which gets `directory` and `life`. */
export function keeperInit(script: `${string}-init.sh`, directory: string): readonly string[] {
  return ['/bin/bash', join(import.meta.dirname, script), directory];
}

/**
 * Starts a keeper: one process that is pid 1 of namespaces of its own. When it ends, however that comes, the kernel ends
 * every process in them and takes their mounts and network away. It outlives us, and writes down itself who it is.
 */
export async function startKeeper(
  what: string,
  { directory, life, command, environment }: KeeperStart,
): Promise<Keeper> {
  const [program = '', ...args] = command;
  const trouble = join(directory, 'keeper.log');
  const log = openSync(trouble, 'w');
  const child = spawn(program, [...args, life], {
    cwd: '/',
    detached: true,
    stdio: ['ignore', 'pipe', log],
    env: { ...environment, PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
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
    `${what} could not be made from namespaces: ${why}\n    hint: \`tejun lab doctor\` says what is missing`,
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

/** Ends everything that runs in the namespaces of a directory's keeper, if it lives, but itself. */
export async function endOthers(directory: string): Promise<void> {
  const keeper = liveKeeper(directory);
  if (!keeper) return;
  const own = namespaceOf(keeper.pid);
  const others = () => listProcesses().filter(({ pid }) => pid !== keeper.pid && namespaceOf(pid) === own);
  for (const deadline = Date.now() + 15_000; ; await setTimeout(2)) {
    const left = others();
    if (own === undefined || left.length === 0) return;
    for (const entry of left) signalProcess(entry, 'SIGKILL');
    if (Date.now() < deadline) continue;
    throw new LabError(`processes ${left.map(({ pid }) => pid).join(', ')} of ${directory} do not end`);
  }
}

function namespaceOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return undefined;
  }
}

/** Keepers of a directory and the processes that become or precede them. */
export function startersOf(directory: string): readonly ProcessEntry[] {
  return listProcesses().filter(({ pid, name }) => {
    if (name !== 'bash' && name !== 'unshare' && name !== 'nsenter') return false;
    try {
      const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      return args.includes(directory) && args.some((arg) => arg.endsWith('-init.sh'));
    } catch {
      return false;
    }
  });
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}
