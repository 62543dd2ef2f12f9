import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { awaitedDescriptors, type BlockedCall, memoryOfCall, parseBlockedCall } from './blocked-call.ts';
import { descriptorTarget, type ProcessEntry, terminalPath } from './process-table.ts';

/**
 * The process of the terminal's foreground group that waits for keys without an end to its wait, or undefined.
 * What /proc does not let us see counts as not waiting: such a command ends by its time limit.
 */
export function waitingForKeys(processes: readonly ProcessEntry[], terminal: number): ProcessEntry | undefined {
  const path = terminalPath(terminal);
  if (path === undefined) return undefined;
  return processes.find(
    (entry) =>
      entry.terminal === terminal && entry.group === entry.foreground && entry.state === 'S' && waits(entry.pid, path),
  );
}

function waits(pid: number, terminal: string): boolean {
  const call = currentCall(pid);
  if (call === undefined) return false;
  const memory = memoryOfCall(call);
  const fds = awaitedDescriptors(
    call,
    memory === undefined ? Buffer.alloc(0) : readMemory(pid, memory.address, memory.length),
  );
  // A program that also listens to something else (ssh with a running command) does work, it does not wait for keys.
  return fds.length > 0 && fds.every((fd) => isTerminal(descriptorTarget(pid, fd), terminal));
}

/** Does a descriptor refer to this terminal? `target` as /proc/PID/fd tells it. */
export function isTerminal(target: string | undefined, terminal: string): boolean {
  // Inside another mount namespace the same terminal may have no name of its own.
  return target === '/dev/tty' || target === terminal || target === `${terminal} (unreachable)`;
}

function currentCall(pid: number): BlockedCall | undefined {
  try {
    return parseBlockedCall(readFileSync(`/proc/${pid}/syscall`, 'utf8'), process.arch);
  } catch {
    return undefined;
  }
}

function readMemory(pid: number, address: bigint, length: number): Buffer {
  const memory = Buffer.alloc(length);
  try {
    const fd = openSync(`/proc/${pid}/mem`, 'r');
    try {
      return memory.subarray(0, readSync(fd, memory, 0, length, address));
    } finally {
      closeSync(fd);
    }
  } catch {
    return Buffer.alloc(0);
  }
}
