import { waitingForKeys } from './input-wait.ts';
import { listProcesses, readProcess } from './process-table.ts';
import type { SessionState } from './session-files.ts';

/** Name of the program that has the terminal instead of the shell; undefined when it is the shell. */
export function foregroundProgram({ shell, terminal }: SessionState): string | undefined {
  const entry = readProcess(shell.pid);
  if (entry === undefined || entry.group === entry.foreground) return undefined;
  const group = listProcesses().filter((each) => each.terminal === terminal && each.group === entry.foreground);
  return (group.find(({ pid, group: leader }) => pid === leader) ?? group[0])?.name;
}

/**
 * Whether all keys typed so far have reached whoever reads them: what holds the terminal has nothing to do, and the shell
 * waits for more, or another program has the terminal.
 */
export function keysHaveArrived({ holder, shell, terminal }: SessionState): boolean {
  const idle = () => readProcess(holder.pid)?.state === 'S';
  if (!idle()) return false;
  const entry = readProcess(shell.pid);
  if (entry === undefined) return true;
  const taken = entry.group !== entry.foreground || waitingForKeys([entry], terminal) !== undefined;
  // Once more: what the shell printed before it waited is in the spool when its holder is idle again.
  return taken && idle();
}
