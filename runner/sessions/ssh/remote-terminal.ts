import { awaitedDescriptors, memoryOfCall, parseBlockedCall } from '../blocked-call.ts';
import { isTerminal } from '../input-wait.ts';
import { type ProcessEntry, terminalPath } from '../process-table.ts';
import type { Look, RemoteHelper } from './remote-helper.ts';

/** A session's terminal on its server: what runs there, for what it waits, and how it is ended. */
export class RemoteTerminal {
  readonly #helper: RemoteHelper;
  readonly #shell: ProcessEntry;
  readonly #path: string;

  private constructor(helper: RemoteHelper, shell: ProcessEntry, path: string) {
    this.#helper = helper;
    this.#shell = shell;
    this.#path = path;
  }

  /** The terminal of the shell with this pid. From now on its processes end with the helper's channel. */
  static async of(helper: RemoteHelper, shell: number): Promise<RemoteTerminal | undefined> {
    const entry = await helper.process(shell);
    const path = entry === undefined ? undefined : terminalPath(entry.terminal);
    if (entry === undefined || path === undefined) return undefined;
    await helper.guard(entry.session);
    return new RemoteTerminal(helper, entry, path);
  }

  /** The shell's pid. */
  get shell(): number {
    return this.#shell.pid;
  }

  /** Why it is not always seen for what a process waits; undefined when it is. */
  blindness(): Promise<string | undefined> {
    return this.#helper.blindness(this.#shell.pid);
  }

  /** The process of the foreground that waits for keys without an end to its wait. */
  async waitingForKeys(): Promise<ProcessEntry | undefined> {
    for (const entry of (await this.#foreground()) ?? []) {
      if (entry.state === 'S' && (await this.#waits(entry.pid))) return entry;
    }
    return undefined;
  }

  /** What has the terminal: a program, or the shell, which may be waiting for keys. Undefined when nobody answers. */
  async foreground(): Promise<{ readonly program: string | undefined; readonly shellWaits: boolean } | undefined> {
    const group = await this.#foreground();
    const shell = group?.find(({ pid }) => pid === this.#shell.pid);
    if (group === undefined) return undefined;
    const program = shell === undefined ? (group.find((each) => each.pid === each.group) ?? group[0])?.name : undefined;
    return { program, shellWaits: shell?.state === 'S' && (await this.#waits(shell.pid)) };
  }

  /** Signals what the shell has started; not the shell. */
  async signalCommands(name: 'TERM' | 'KILL'): Promise<void> {
    const { pid } = this.#shell;
    await this.#helper.signal(
      name,
      ((await this.#processes()) ?? []).filter((entry) => entry.pid !== pid),
    );
  }

  /** Ends the shell and all that runs with it; false: nobody says that it has ended. */
  end(): Promise<boolean> {
    return this.#helper.finish(this.#shell.terminal);
  }

  async #foreground(): Promise<ProcessEntry[] | undefined> {
    const processes = await this.#processes();
    return processes?.filter((entry) => entry.terminal === this.#shell.terminal && entry.group === entry.foreground);
  }

  /** All that runs on the terminal, whose number counts only while the shell lives; afterwards it may be another's. */
  async #processes(): Promise<ProcessEntry[] | undefined> {
    const { terminal, session, pid, startTime } = this.#shell;
    const found = await this.#helper.processes(terminal, session);
    const lives = found?.some((entry) => entry.pid === pid && entry.startTime === startTime);
    return lives ? found : found?.filter((entry) => entry.session === session);
  }

  /** What is another user's, as `sudo` is root's, lets nobody look; that it asks for a password is seen by the terminal. */
  async #waits(pid: number): Promise<boolean> {
    const look = await this.#helper.look(pid);
    if (look.syscall === '' && look.descriptors.size === 0) return this.#helper.isHidden(this.#path);
    if (look.syscall === '') return readsTerminal(look, this.#path);
    const call = parseBlockedCall(look.syscall, this.#helper.architecture);
    if (call === undefined) return false;
    const wanted = memoryOfCall(call);
    const memory =
      wanted === undefined ? Buffer.alloc(0) : await this.#helper.memory(pid, wanted.address, wanted.length);
    const fds = awaitedDescriptors(call, memory);
    return fds.length > 0 && fds.every((fd) => isTerminal(look.descriptors.get(fd), this.#path));
  }
}

/**
 * Where the kernel shows a process's system call only to its ancestors (Yama): `wait_woken` is how a read of a terminal
 * sleeps, and of a socket; so it counts for a process that has no socket and nothing like it.
 */
export function readsTerminal({ wchan, descriptors }: Look, terminal: string): boolean {
  const targets = [...descriptors.values()];
  return (
    wchan === 'wait_woken' &&
    targets.some((target) => isTerminal(target, terminal)) &&
    !targets.some(
      (target) => /^(socket|anon_inode):/.test(target) || (target.startsWith('/dev/') && !harmless(target, terminal)),
    )
  );
}

function harmless(target: string, terminal: string): boolean {
  return isTerminal(target, terminal) || target === '/dev/null';
}
