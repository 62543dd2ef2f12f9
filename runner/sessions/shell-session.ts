import { rmSync } from 'node:fs';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { CommandEnd } from '../../core/run/model.ts';
import type { ActiveCommand } from './active-command.ts';
import { clearLine, commandKeys, readlineOn } from './bash-integration.ts';
import { waitingForKeys } from './input-wait.ts';
import { Keyboard } from './keyboard.ts';
import { createMarkSplitter, type Mark, type MarkSplitter, type Piece } from './marks.ts';
import { isAlive, readProcess, signalProcess, terminalPath } from './process-table.ts';
import { replayEnded, withoutFooter } from './replay.ts';
import type { CommandRun, Session } from './session.ts';
import { readExit, release, type SessionFiles, type SessionState, writeState } from './session-files.ts';
import { SpoolReader } from './spool-reader.ts';
import { createSurrogateDecoder } from './surrogate-text.ts';
import { endSession, signalCommands, terminalProcesses } from './terminal-processes.ts';

/** Beyond this many unread bytes the terminal is stopped until the reader has caught up. */
const lagLimit = 16 * 1024 * 1024;
/** A spool larger than this is emptied before the next command. */
const idleLimit = 1024 * 1024;
/** A spool larger than this is emptied even while a command runs, which can then no longer be taken up. */
const runningLimit = 512 * 1024 * 1024;
const lostPrompt = 'the prompt came back without an exit status: the command changed PROMPT_COMMAND, leave it as it is';
const tickMs = 100;
const silenceMs = 300;

type Request = Omit<CommandRun, 'command'>;

/** A bash on this machine or in one of its hosts, whose terminal outlives this process. Made by `openLocalSession`. */
export class LocalSession implements Session {
  readonly name: string;
  readonly host: string;
  #takenUp = false;
  readonly #files: SessionFiles;
  readonly #previous: SessionFiles;
  readonly #reader: SpoolReader;
  readonly #keyboard: Keyboard;
  readonly #splitter: MarkSplitter;
  #state: SessionState;
  #sequence: number;
  /** Where each command that the spool still has begins, by number. */
  readonly #begun = new Map<number, number>();
  #running: number | undefined;
  #ready = false;
  #readyWaiters: (() => void)[] = [];
  #active: ActiveCommand | undefined;
  #stopped = false;
  #emptying = false;
  #typed = false;
  #detached = false;
  /** Why the session takes no more commands. */
  #closed: string | undefined;

  constructor(host: string, name: string, files: SessionFiles, previous: SessionFiles, state: SessionState) {
    this.host = host;
    this.name = name;
    this.#files = files;
    this.#previous = previous;
    this.#state = state;
    this.#sequence = state.forgotten;
    this.#splitter = createMarkSplitter(state.nonce);
    this.#keyboard = new Keyboard(files.keys);
    this.#reader = new SpoolReader(
      files.spool,
      (bytes) => this.#tell(this.#splitter.push(bytes), 0),
      (lag) => this.#throttle(lag),
    );
  }

  get takenUp(): boolean {
    return this.#takenUp;
  }

  /** Finds out from the spool where an earlier runner, which may have been killed at any moment, left the session. */
  async attach(): Promise<void> {
    this.#takenUp = true;
    await this.#reader.pump();
    this.#typed = true;
    signalProcess(this.#state.holder, 'SIGCONT');
    // What that runner typed last may still be on its way to the shell.
    await this.#until(() => this.#running !== undefined, 100);
  }

  async run(request: CommandRun): Promise<CommandEnd> {
    const fault = this.#active !== undefined ? 'another command of this session is running' : this.#closed;
    if (fault !== undefined) return { kind: 'disconnected', why: fault };
    if (request.signal.aborted) return { kind: 'stopped' };
    if (request.command.includes('\0')) {
      return { kind: 'disconnected', why: 'the command contains a NUL character, which no shell can take; remove it' };
    }
    const refused = await this.#prompt();
    if (refused !== undefined) return refused;
    if (this.#reader.offset > idleLimit) await this.#empty();
    const sequence = ++this.#sequence;
    request.onSequence?.(sequence);
    return this.#follow(sequence, request, () => {
      this.#ready = false;
      const keys = commandKeys(request.command, sequence);
      this.#keyboard.type(this.#typed ? clearLine + keys : keys);
      this.#typed = false;
    });
  }

  async takeUp(sequence: number, request: Request): Promise<CommandEnd | undefined> {
    if (this.#active !== undefined) return { kind: 'disconnected', why: 'another command of this session is running' };
    if (sequence <= this.#state.forgotten) {
      const replayed = await replayEnded(this.#previous, sequence, request.onOutput);
      return replayed ?? { kind: 'disconnected', why: `the output of command ${sequence} is no longer kept` };
    }
    await this.#reader.pump();
    if (!this.#begun.has(sequence)) await this.#until(() => this.#begun.has(sequence), 300);
    if (!this.#begun.has(sequence)) {
      // Its keys may still be on their way to a slow shell. Keys come in order: when an empty line has been answered by a
      // new prompt, and nothing began before, nothing will.
      this.#ready = false;
      this.#keyboard.type(`${clearLine}\r`);
      await this.#until(() => this.#ready || this.#begun.has(sequence), 30_000);
      await this.#reader.pump();
      if (!this.#ready && !this.#begun.has(sequence)) {
        return {
          kind: 'disconnected',
          why: 'the shell does not answer, and nobody knows whether it has begun the command',
        };
      }
    }
    const offset = this.#begun.get(sequence);
    if (offset === undefined) return undefined;
    request.onSequence?.(sequence);
    return this.#follow(sequence, request, () => {
      this.#ready = false;
      this.#running = undefined;
      this.#reader.offset = offset;
      this.#splitter.restart(offset);
      void this.#reader.pump();
    });
  }

  /** Types a reader's keys. A command that gets them is no longer ended for waiting for input. */
  write(data: string): void {
    if (this.#closed === undefined) this.#keyboard.type(data);
    this.#typed = true;
    if (this.#active !== undefined) this.#active.typed = true;
  }

  /** Changes the terminal's size, in characters. */
  async resize(columns: number, rows: number): Promise<void> {
    const path = terminalPath(this.#state.terminal);
    if (path === undefined || this.#closed !== undefined) return;
    const { spawn } = await import('node:child_process');
    const stty = spawn('stty', ['-F', path, 'cols', String(columns), 'rows', String(rows)], { stdio: 'ignore' });
    await new Promise((resolve) => stty.once('close', resolve).once('error', resolve));
  }

  async close(): Promise<void> {
    const first = this.#closed === undefined;
    this.#letGo('the session was closed');
    if (first || isAlive(this.#state.holder)) await endSession(this.#state);
    rmSync(this.#files.directory, { recursive: true, force: true });
    rmSync(this.#previous.directory, { recursive: true, force: true });
  }

  detach(): void {
    if (this.#closed !== undefined) return;
    if (this.#stopped) signalProcess(this.#state.holder, 'SIGCONT');
    this.#letGo('this runner let go of the session');
    release(this.#files);
  }

  /** Types the shell integration when readline is there, and waits for the first prompt with marks. */
  async bootstrap(line: string, limitMs: number): Promise<void> {
    const deadline = Date.now() + limitMs;
    let seen = '';
    const request: Request = {
      timeout: limitMs,
      signal: new AbortController().signal,
      onOutput: (text) => {
        seen = (seen + text).slice(-4000);
      },
    };
    // Not a command: the number 0 has no marks, all that comes is its output.
    void this.#follow(0, request, () => void this.#reader.pump(), true);
    try {
      const dead = () => !isAlive(this.#state.holder);
      await this.#until(() => seen.includes(readlineOn) || dead(), deadline - Date.now());
      this.#keyboard.type(line);
      await this.#until(() => this.#ready || dead(), deadline - Date.now());
      if (!this.#ready) {
        const shown = seen.replaceAll(/^Script (started|done) on .*$/gm, '').trim();
        throw new Error(
          `no shell came up on host ${this.host} within ${limitMs / 1000} s; it needs bash 5.1 or newer. ` +
            `The terminal shows: ${shown === '' ? 'nothing' : shown}`,
        );
      }
    } finally {
      this.#active?.finish({ kind: 'stopped' });
    }
    const leader = readProcess(this.#state.leader.pid);
    const shell = leader === undefined ? undefined : readProcess(leader.foreground);
    if (shell === undefined) throw new Error(`the shell on host ${this.host} ended as soon as it had started`);
    this.#state = { ...this.#state, shell: { pid: shell.pid, startTime: shell.startTime } };
    writeState(this.#files, this.#state);
  }

  #follow(sequence: number, request: Request, start: () => void, began = false): Promise<CommandEnd> {
    return new Promise((resolve) => {
      const ended = () => this.#force({ kind: 'stopped' }, 2000);
      const finish = (end: CommandEnd) => {
        if (this.#active !== active) return;
        this.#active = undefined;
        clearInterval(clock);
        clearTimeout(limit);
        request.signal.removeEventListener('abort', ended);
        resolve(end);
      };
      const now = performance.now();
      const active: ActiveCommand = {
        sequence,
        request,
        decoder: createSurrogateDecoder(),
        startedAt: now,
        finish,
        began,
        outputAt: now,
        tail: '',
        waiting: undefined,
        looks: 0,
        ending: undefined,
        forced: false,
        typed: false,
      };
      this.#active = active;
      let ticking = false;
      const clock = setInterval(() => {
        if (ticking) return;
        ticking = true;
        void this.#tick(active).finally(() => {
          ticking = false;
        });
      }, tickMs);
      const limit = setTimeout(
        () => this.#force({ kind: 'timed-out', afterMs: Math.round(performance.now() - now) }, 2000),
        Math.min(request.timeout, 2 ** 31 - 1),
      );
      request.signal.addEventListener('abort', ended, { once: true });
      start();
      if (request.signal.aborted) ended();
    });
  }

  #tell(pieces: readonly Piece[], from: number): Promise<void> | undefined {
    for (let index = from; index < pieces.length; index++) {
      const piece = pieces[index];
      if (piece === undefined) break;
      const told = piece.kind === 'bytes' ? this.#output(piece.bytes) : this.#mark(piece.mark, piece.at);
      if (told !== undefined) return told.then(() => this.#tell(pieces, index + 1));
    }
    return undefined;
  }

  #output(bytes: Buffer): Promise<void> | undefined {
    const active = this.#active;
    if (active === undefined || !active.began) return undefined;
    active.outputAt = performance.now();
    const text = active.decoder.write(withoutFooter(bytes, this.#files));
    active.tail = text.length < 4096 ? (active.tail + text).slice(-4096) : text.slice(-4096);
    return text === '' ? undefined : (active.request.onOutput(text) ?? undefined);
  }

  #mark(mark: Mark, at: number): Promise<void> | undefined {
    const active = this.#active;
    switch (mark.kind) {
      case 'began':
        this.#sequence = Math.max(this.#sequence, mark.sequence);
        this.#begun.set(mark.sequence, at);
        this.#running = mark.sequence;
        if (active?.sequence === mark.sequence) active.began = true;
        return undefined;
      case 'ended':
        if (this.#running !== mark.sequence) return undefined;
        this.#running = undefined;
        if (active?.sequence !== mark.sequence || !active.began) return undefined;
        return this.#ended(active, mark.code);
      case 'ready':
        this.#ready = true;
        for (const waiter of this.#readyWaiters.splice(0)) waiter();
        if (active !== undefined && active.sequence !== 0) this.#promptWithoutEnd(active);
        return undefined;
    }
  }

  #ended(active: ActiveCommand, code: number): Promise<void> | undefined {
    const rest = active.decoder.end();
    const told = rest === '' ? undefined : (active.request.onOutput(rest) ?? undefined);
    const end: CommandEnd = active.ending ?? { kind: 'exited', code };
    if (told === undefined) active.finish(end);
    else return told.then(() => active.finish(end));
    return undefined;
  }

  #promptWithoutEnd(active: ActiveCommand): void {
    if (active.began) this.#fail(lostPrompt);
    else if (active.ending !== undefined) this.#fail('the command was stopped before it began');
  }

  async #tick(active: ActiveCommand): Promise<void> {
    // Dead is what was dead before the last read: then nothing can come after it.
    const alive = isAlive(this.#state.holder);
    await this.#reader.pump();
    if (this.#active !== active || active.sequence === 0) return;
    if (!alive) return this.#shellGone(active);
    if (this.#reader.offset > runningLimit) await this.#empty();
    if (this.#active !== active || active.ending !== undefined || !active.began || active.typed) return;
    const silence = performance.now() - active.outputAt;
    active.looks++;
    // Looking costs some milliseconds: each quarter of a second at first, each second after ten.
    const every = silence < 10_000 ? 2 : 10;
    if (silence < silenceMs || active.looks % every !== 0) return;
    const found = waitingForKeys(terminalProcesses(this.#state), this.#state.terminal);
    const again = found !== undefined && found.pid === active.waiting?.pid;
    active.waiting = found;
    if (!again) return;
    const atPrompt = found.pid === this.#state.shell.pid && active.tail.includes(readlineOn);
    this.#force({ kind: 'waits-for-input', program: found.name }, 300, atPrompt);
  }

  async #shellGone(active: ActiveCommand): Promise<void> {
    const code = readExit(this.#files);
    const rest = active.decoder.end();
    const footer: CommandEnd =
      code === undefined
        ? { kind: 'disconnected', why: 'the process that holds the terminal was ended from outside' }
        : { kind: 'shell-exited', code };
    if (rest !== '') await active.request.onOutput(rest);
    const end = active.ending ?? footer;
    this.#closed ??= code === undefined ? 'the terminal is gone' : `the shell has ended with exit code ${code}`;
    active.finish(end);
  }

  /**
   * Ends the command: Ctrl-C, then SIGTERM and SIGKILL to what it started, at last the shell. `atPrompt`: the shell
   * edits a line. After Ctrl-C `read -e` comes to its end; a prompt that has lost its marks does not.
   */
  #force(end: CommandEnd, graceMs: number, atPrompt = false): void {
    const active = this.#active;
    if (active === undefined || active.forced || active.sequence === 0) return;
    // A shell that is gone already has ended by itself, and that is what will be told.
    if (!isAlive(this.#state.shell)) return;
    active.forced = true;
    const over = () => this.#active !== active;
    const steps = async () => {
      // It may have ended already, in bytes not yet read.
      await this.#reader.pump();
      if (over()) return;
      active.ending = end;
      this.#keyboard.type('\x03');
      await this.#until(over, graceMs);
      if (atPrompt && !over()) {
        active.ending = undefined;
        return this.#fail(lostPrompt);
      }
      if (!over()) signalCommands(this.#state, 'SIGTERM');
      await this.#until(over, Math.min(graceMs, 1000));
      for (let round = 0; round < 20 && !over(); round++) {
        signalCommands(this.#state, 'SIGKILL');
        await this.#until(over, 50);
      }
      if (!over()) this.#fail('the shell did not react and was ended');
    };
    void steps();
  }

  /** The shell is of no use any more: ends it, and the command under way with it. */
  #fail(why: string): void {
    const active = this.#active;
    this.#closed ??= why;
    void endSession(this.#state, 0).then(() => active?.finish(active.ending ?? { kind: 'disconnected', why }));
  }

  /** Waits until the shell takes keys; the reason why it does not, if so. */
  async #prompt(): Promise<CommandEnd | undefined> {
    if (this.#ready) return undefined;
    await this.#reader.pump();
    const dead = () => !isAlive(this.#state.holder);
    await this.#until(() => this.#ready || dead(), this.#running === undefined ? 5000 : 1000);
    if (this.#ready) return undefined;
    const code = readExit(this.#files);
    if (dead())
      this.#closed = code === undefined ? 'the terminal is gone' : `the shell has ended with exit code ${code}`;
    else if (this.#running !== undefined)
      return { kind: 'disconnected', why: `command ${this.#running} is still running` };
    else
      this.#closed =
        'the prompt did not come back; a command before may have redirected the stderr of the shell itself by exec';
    return { kind: 'disconnected', why: this.#closed };
  }

  async #until(condition: () => boolean, limitMs: number): Promise<void> {
    const deadline = performance.now() + limitMs;
    while (!condition() && performance.now() < deadline && !this.#detached) {
      await Promise.race([sleep(5), new Promise<void>((resolve) => this.#readyWaiters.push(resolve))]);
    }
  }

  #throttle(lag: number): void {
    if (!this.#stopped && lag > lagLimit) {
      this.#stopped = true;
      signalProcess(this.#state.holder, 'SIGSTOP');
    } else if (this.#stopped && !this.#emptying && lag < lagLimit / 16) {
      this.#stopped = false;
      signalProcess(this.#state.holder, 'SIGCONT');
    }
  }

  /** Empties the spool: stops its writer, reads the rest, cuts. Output is never lost, only no longer repeatable. */
  async #empty(): Promise<void> {
    this.#emptying = true;
    signalProcess(this.#state.holder, 'SIGSTOP');
    this.#stopped = true;
    try {
      for (let state: string | undefined; state !== 'T'; ) {
        await setImmediate();
        state = readProcess(this.#state.holder.pid)?.state;
        if (state === undefined || this.#closed !== undefined) return;
      }
      await this.#reader.pump();
      if (this.#closed !== undefined || this.#splitter.pending() > 0) return;
      this.#state = { ...this.#state, forgotten: this.#running ?? this.#sequence };
      writeState(this.#files, this.#state);
      this.#reader.truncate();
      this.#splitter.rebase(0);
      this.#begun.clear();
    } finally {
      this.#emptying = false;
      this.#throttle(0);
    }
  }

  #letGo(why: string): void {
    this.#closed ??= why;
    this.#detached = true;
    this.#active?.finish(this.#active.ending ?? { kind: 'disconnected', why });
    this.#reader.close();
    this.#keyboard.close();
  }
}
