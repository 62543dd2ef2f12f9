import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** One process as /proc/PID/stat tells it (proc(5)). */
export type ProcessEntry = {
  readonly pid: number;
  readonly name: string;
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** Device number of the controlling terminal; 0 without one. */
  readonly terminal: number;
  /** Foreground process group of that terminal. */
  readonly foreground: number;
  /** Clock ticks after boot; with the pid it names a process for good. */
  readonly startTime: string;
};

/** A process that can be recognised after its pid was given to another one. */
export type ProcessIdentity = { readonly pid: number; readonly startTime: string };

/** The process with this pid, or undefined when there is none. A zombie counts as none. */
export function readProcess(pid: number): ProcessEntry | undefined {
  try {
    return parseProcess(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Reads /proc/PID/stat; undefined for a zombie. */
export function parseProcess(stat: string): ProcessEntry | undefined {
  const open = stat.indexOf('(');
  const close = stat.lastIndexOf(')');
  const fields = stat.slice(close + 2).split(' ');
  const number = (index: number) => Number(fields[index]);
  const state = fields[0] ?? '';
  if (open < 0 || state === 'Z' || state === 'X') return undefined;
  return {
    pid: Number.parseInt(stat, 10),
    name: stat.slice(open + 1, close),
    state,
    parent: number(1),
    group: number(2),
    session: number(3),
    terminal: number(4),
    foreground: number(5),
    startTime: fields[19] ?? '',
  };
}

/** Every process of this machine that we may see. */
export function listProcesses(): ProcessEntry[] {
  const entries: ProcessEntry[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const entry = readProcess(Number(name));
    if (entry !== undefined) entries.push(entry);
  }
  return entries;
}

/** Is this very process still there? */
export function isAlive(identity: ProcessIdentity): boolean {
  return readProcess(identity.pid)?.startTime === identity.startTime;
}

/** Sends a signal to that very process; does nothing when it is gone. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, signal);
  } catch {
    // Gone in between, or not ours to end: the caller looks again and reports what is left.
  }
}

/** Path of a pseudo-terminal from its device number (Documentation/admin-guide/devices.txt: majors 136–143). */
export function terminalPath(device: number): string | undefined {
  const major = (device >> 8) & 0xfff;
  const minor = (device & 0xff) | ((device >>> 12) & 0xfff00);
  return major >= 136 && major <= 143 ? `/dev/pts/${(major - 136) * 256 + minor}` : undefined;
}

/** What a process's file descriptor refers to, as far as we may know. */
export function descriptorTarget(pid: number, fd: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/fd/${fd}`);
  } catch {
    return undefined;
  }
}
