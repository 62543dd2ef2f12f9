import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
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

type Call = 'read' | 'poll' | 'ppoll' | 'select' | 'pselect';

/** System call numbers, from the kernel's syscall_64.tbl and asm-generic/unistd.h. */
const calls: Readonly<Record<string, Readonly<Record<number, Call>>>> = {
  x64: { 0: 'read', 19: 'read', 7: 'poll', 271: 'ppoll', 23: 'select', 270: 'pselect' },
  arm64: { 63: 'read', 65: 'read', 73: 'ppoll', 72: 'pselect' },
};

function waits(pid: number, terminal: string): boolean {
  const call = currentCall(pid);
  if (call === undefined) return false;
  const fds = awaited(pid, call.kind, call.values);
  // A program that also listens to something else (ssh with a running command) does work, it does not wait for keys.
  return fds.length > 0 && fds.every((fd) => isTerminal(descriptorTarget(pid, fd), terminal));
}

function isTerminal(target: string | undefined, terminal: string): boolean {
  // Inside another mount namespace the same terminal may have no name of its own.
  return target === '/dev/tty' || target === terminal || target === `${terminal} (unreachable)`;
}

function currentCall(pid: number): { kind: Call; values: readonly bigint[] } | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/syscall`, 'utf8').trim().split(' ');
    const kind = calls[process.arch]?.[Number(fields[0])];
    return kind === undefined ? undefined : { kind, values: fields.slice(1, 7).map(BigInt) };
  } catch {
    return undefined;
  }
}

function awaited(pid: number, kind: Call, values: readonly bigint[]): number[] {
  const [first = 0n, second = 0n, third = 0n, , fifth = 0n] = values;
  switch (kind) {
    case 'read':
      return [Number(first)];
    case 'poll':
      return BigInt.asIntN(32, third) < 0n ? polled(pid, first, second) : [];
    case 'ppoll':
      return third === 0n ? polled(pid, first, second) : [];
    case 'select':
    case 'pselect':
      return fifth === 0n ? selected(pid, first, second) : [];
  }
}

/** struct pollfd { int fd; short events; short revents; }, events & POLLIN. */
function polled(pid: number, address: bigint, count: bigint): number[] {
  if (count > 64n) return [];
  const memory = readMemory(pid, address, Number(count) * 8);
  const fds: number[] = [];
  for (let at = 0; at + 8 <= memory.length; at += 8) {
    if (memory.readInt32LE(at) >= 0 && (memory.readInt16LE(at + 4) & 1) !== 0) fds.push(memory.readInt32LE(at));
  }
  return fds;
}

function selected(pid: number, limit: bigint, address: bigint): number[] {
  if (limit > 1024n || address === 0n) return [];
  const memory = readMemory(pid, address, Math.ceil(Number(limit) / 64) * 8);
  const fds: number[] = [];
  for (let fd = 0; fd < Number(limit); fd++) if (((memory[fd >> 3] ?? 0) & (1 << (fd & 7))) !== 0) fds.push(fd);
  return fds;
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
