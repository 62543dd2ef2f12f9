/** A system call in which a process sleeps, as /proc/PID/syscall tells it. */
export type BlockedCall = { readonly kind: Call; readonly values: readonly bigint[] };

type Call = 'read' | 'poll' | 'ppoll' | 'select' | 'pselect';

/** System call numbers, from the kernel's syscall_64.tbl and asm-generic/unistd.h; by Node's names of architectures. */
const calls: Readonly<Record<string, Readonly<Record<number, Call>>>> = {
  x64: { 0: 'read', 19: 'read', 7: 'poll', 271: 'ppoll', 23: 'select', 270: 'pselect' },
  arm64: { 63: 'read', 65: 'read', 73: 'ppoll', 72: 'pselect' },
};

/** Reads /proc/PID/syscall; undefined for a call that never waits for input. */
export function parseBlockedCall(text: string, architecture: string): BlockedCall | undefined {
  const fields = text.trim().split(' ');
  const kind = calls[architecture]?.[Number(fields[0])];
  return kind === undefined ? undefined : { kind, values: fields.slice(1, 7).map(BigInt) };
}

/** The part of the process's memory that says for which descriptors it waits; undefined when the call itself says it. */
export function memoryOfCall({ kind, values }: BlockedCall): { address: bigint; length: number } | undefined {
  const [first = 0n, second = 0n] = values;
  switch (kind) {
    case 'read':
      return undefined;
    case 'poll':
    case 'ppoll':
      return second > 64n ? undefined : { address: first, length: Number(second) * 8 };
    case 'select':
    case 'pselect':
      return first > 1024n || second === 0n
        ? undefined
        : { address: second, length: Math.ceil(Number(first) / 64) * 8 };
  }
}

/** The descriptors for whose input the call waits without an end to its wait; none when there is an end to it. */
export function awaitedDescriptors({ kind, values }: BlockedCall, memory: Buffer): number[] {
  const [first = 0n, , third = 0n, , fifth = 0n] = values;
  switch (kind) {
    case 'read':
      return [Number(first)];
    case 'poll':
      return BigInt.asIntN(32, third) < 0n ? polled(memory) : [];
    case 'ppoll':
      return third === 0n ? polled(memory) : [];
    case 'select':
    case 'pselect':
      return fifth === 0n ? selected(Number(first), memory) : [];
  }
}

/** struct pollfd { int fd; short events; short revents; }, events & POLLIN. */
function polled(memory: Buffer): number[] {
  const fds: number[] = [];
  for (let at = 0; at + 8 <= memory.length; at += 8) {
    if (memory.readInt32LE(at) >= 0 && (memory.readInt16LE(at + 4) & 1) !== 0) fds.push(memory.readInt32LE(at));
  }
  return fds;
}

function selected(limit: number, memory: Buffer): number[] {
  const fds: number[] = [];
  for (let fd = 0; fd < limit; fd++) if (((memory[fd >> 3] ?? 0) & (1 << (fd & 7))) !== 0) fds.push(fd);
  return fds;
}
