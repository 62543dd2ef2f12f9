import { createHash, randomUUID } from 'node:crypto';
import { rmSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandEnd } from '../../core/run/model.ts';
import { ActiveCommand } from './active-command.ts';
import { clearLine, commandKeys, readlineOn } from './bash-integration.ts';
import { endCommand } from './command-ending.ts';
import { foregroundProgram, runningProgram } from './foreground.ts';
import { Keyboard } from './keyboard.ts';
import type { Mark, Piece } from './marks.ts';
import { isAlive, readProcess, signalProcess } from './process-table.ts';
import { Prompt } from './prompt.ts';
import { replayEnded, withoutFooter } from './replay.ts';
import type { CommandRun, TerminalSession } from './session.ts';
import { readExit, release, type SessionFiles, type SessionState, writeState } from './session-files.ts';
import type { TerminalListener } from './shown-text.ts';
import { TerminalFeed } from './terminal-feed.ts';
import { endSession } from './terminal-processes.ts';
import { resizeTerminal } from './terminal-size.ts';
import { noteTyped } from './typed-commands.ts';
import { Watchers } from './watchers.ts';

/** A spool larger than this is emptied before the next command. */
const idleLimit = 1024 * 1024;
/** A spool larger than this is emptied while no command of a runner is under way. */
const typingLimit = 16 * 1024 * 1024;
/** A spool larger than this is emptied even while a command runs, which can then no longer be taken up. */
const runningLimit = 512 * 1024 * 1024;
const idleTickMs = 200;
const lostPrompt = 'the prompt came back without an exit status: the command changed PROMPT_COMMAND, leave it as it is';
const noPrompt =
  'the prompt did not come back; a command before may have redirected the stderr of the shell itself by exec';

type Request = Omit<CommandRun, 'command'>;

/** A bash on this machine or in one of its hosts, whose terminal outlives this process. Made by `openLocalSession`. */
export class LocalSession implements TerminalSession {
  readonly name: string;
  readonly host: string;
  #takenUp = false;
  readonly #files: SessionFiles;
  readonly #previous: SessionFiles;
  readonly #feed: TerminalFeed;
  readonly #keyboard: Keyboard;
  readonly #prompt = new Prompt();
  readonly #watchers: Watchers;
  readonly #since: number;
  #state: SessionState;
  #sequence: number;
  /** Where each command that the spool still has begins, by number. */
  readonly #begun = new Map<number, number>();
  #running: number | undefined;
  #active: ActiveCommand | undefined;
  #idleClock: NodeJS.Timeout | undefined;
  /** Somebody else than we may have typed since the last command. */
  #typed = false;
  /** Commands that an earlier runner began may still be taken up. */
  #unclaimed = false;
  /** Why the session takes no more commands. */
  #closed: string | undefined;

  constructor(host: string, name: string, files: SessionFiles, previous: SessionFiles, state: SessionState) {
    this.host = host;
    this.name = name;
    this.#files = files;
    this.#previous = previous;
    this.#state = state;
    this.#sequence = state.forgotten;
    this.#keyboard = new Keyboard(files.keys);
    this.#watchers = new Watchers(files);
    this.#since = statSync(files.pid).mtimeMs;
    this.#feed = new TerminalFeed(files.spool, state.nonce, state.holder, (piece) => this.#take(piece));
  }

  get takenUp(): boolean {
    return this.#takenUp;
  }

  get over(): string | undefined {
    return this.#closed;
  }

  /** Finds out from the spool where an earlier runner, which may have been killed at any moment, left the session. */
  async attach(): Promise<void> {
    this.#takenUp = true;
    this.#unclaimed = true;
    await this.#feed.pump();
    this.#typed = true;
    signalProcess(this.#state.holder, 'SIGCONT');
    // What that runner typed last may still be on its way to the shell.
    await this.#prompt.until(() => this.#running !== undefined, 100);
  }

  get shownBefore(): number {
    return this.#state.shown?.units ?? 0;
  }

  get since(): number {
    return this.#since;
  }

  get terminal(): string {
    return this.#state.shown?.terminal ?? createHash('sha256').update(this.#state.nonce).digest('hex').slice(0, 16);
  }

  watch(listener: TerminalListener): void {
    this.#watchers.add(listener, this.#state);
    if (this.#closed !== undefined) this.#watchers.gone(this.#closed);
    else this.#idleClock ??= setInterval(() => void this.#idle(), idleTickMs).unref();
  }

  async busy(): Promise<string | undefined> {
    await this.#readOn();
    if (this.#active !== undefined || this.#running !== undefined) return 'a step';
    if (this.#closed !== undefined || !this.#typed) return undefined;
    return runningProgram({ state: this.#state, prompt: this.#prompt }, 3000);
  }

  async run(request: CommandRun): Promise<CommandEnd> {
    const fault = this.#active !== undefined ? 'another command of this session is running' : this.#closed;
    if (fault !== undefined) return { kind: 'disconnected', why: fault };
    if (request.signal.aborted) return { kind: 'stopped' };
    if (request.command.includes('\0')) {
      return { kind: 'disconnected', why: 'the command contains a NUL character, which no shell can take; remove it' };
    }
    const refused = await this.#awaitPrompt();
    if (refused !== undefined) return { kind: 'disconnected', why: refused };
    if (this.#feed.offset > idleLimit) await this.#empty();
    const sequence = ++this.#sequence;
    this.#unclaimed = false;
    request.onSequence?.(sequence);
    return this.#follow(sequence, request, () => {
      this.#prompt.left();
      this.#watchers.typed(noteTyped(this.#files, { sequence, at: this.#feed.position, command: request.command }));
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
    await this.#feed.pump();
    if (!this.#begun.has(sequence)) await this.#prompt.until(() => this.#begun.has(sequence), 300);
    if (!this.#begun.has(sequence)) {
      const program = foregroundProgram(this.#state);
      if (program !== undefined) return { kind: 'disconnected', why: this.#busyWith(program) };
      // Its keys may still be on their way to a slow shell. Keys come in order: when an empty line has been answered by a
      // new prompt, and nothing began before, nothing will.
      this.#prompt.left();
      this.#keyboard.type(`${clearLine}\r`);
      await this.#prompt.until(() => this.#prompt.ready || this.#begun.has(sequence), 30_000);
      if (!this.#prompt.ready && !this.#begun.has(sequence)) {
        return {
          kind: 'disconnected',
          why: 'the shell does not answer, and nobody knows whether it has begun the command',
        };
      }
    }
    await this.#feed.pump();
    const offset = this.#begun.get(sequence);
    if (offset === undefined) return undefined;
    this.#unclaimed = false;
    request.onSequence?.(sequence);
    return this.#follow(sequence, request, () => {
      this.#prompt.left();
      this.#running = undefined;
      this.#feed.rewind(offset);
    });
  }

  write(data: string): void {
    if (this.#closed !== undefined) return;
    this.#feed.wake();
    this.#keyboard.type(data);
    this.#prompt.typed(data);
    this.#typed = true;
    if (this.#active !== undefined) this.#active.typed = true;
  }

  async resize(columns: number, rows: number): Promise<void> {
    if (this.#closed === undefined) await resizeTerminal(this.#state.terminal, columns, rows);
  }

  async close(): Promise<void> {
    const first = this.#closed === undefined;
    this.#letGo('the session was closed');
    if (first || isAlive(this.#state.holder)) await endSession(this.#state);
    rmSync(this.#files.directory, { recursive: true, force: true });
    rmSync(this.#previous.directory, { recursive: true, force: true });
  }

  detach(): void {
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
    void this.#follow(0, request, () => void this.#feed.pump(), true);
    try {
      const dead = () => !isAlive(this.#state.holder);
      await this.#prompt.until(() => seen.includes(readlineOn) || dead(), deadline - Date.now());
      this.#keyboard.type(line);
      await this.#prompt.until(() => this.#prompt.ready || dead(), deadline - Date.now());
      if (!this.#prompt.ready) {
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
    const expire = (end: CommandEnd) => void this.#force(end, 2000);
    const care = {
      tick: (command: ActiveCommand) => this.#tick(command),
      expire,
      finished: () => {
        if (this.#active === active) this.#active = undefined;
      },
    };
    const active = new ActiveCommand(sequence, request, care, began);
    this.#active = active;
    start();
    if (request.signal.aborted) expire({ kind: 'stopped' });
    return active.end;
  }

  #take(piece: Piece): Promise<void> | undefined {
    // The watchers first: when somebody hears of a command's end, its place in the terminal is known.
    const watched = this.#watchers.take(piece);
    const shown = watched && this.#feed.hold(watched);
    const told = piece.kind === 'bytes' ? this.#output(piece.bytes) : this.#mark(piece.mark, piece.at);
    return shown && told ? Promise.all([shown, told]).then(() => undefined) : (shown ?? told);
  }

  #output(bytes: Buffer): Promise<void> | undefined {
    this.#prompt.output(bytes);
    const active = this.#active;
    return active?.began ? active.output(withoutFooter(bytes, this.#files)) : undefined;
  }

  #mark(mark: Mark, at: number): Promise<void> | undefined {
    const active = this.#active;
    switch (mark.kind) {
      case 'prompt':
        return undefined;
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
        this.#prompt.came();
        if (active !== undefined && active.sequence !== 0) this.#promptWithoutEnd(active);
        return undefined;
    }
  }

  #ended(active: ActiveCommand, code: number): Promise<void> | undefined {
    const told = active.flush();
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
    if (alive) await this.#readOn();
    else await this.#feed.pump();
    if (this.#active !== active || active.sequence === 0) return;
    if (!alive) return this.#shellGone(active);
    if (this.#feed.offset > runningLimit) await this.#empty();
    if (this.#active !== active || active.ending !== undefined || !active.began || active.typed) return;
    const found = active.inputWatch.look(this.#state, performance.now() - active.outputAt);
    if (found === undefined) return;
    const atPrompt = found.pid === this.#state.shell.pid && active.tail.includes(readlineOn);
    await this.#force({ kind: 'waits-for-input', program: found.name }, 300, atPrompt);
  }

  async #shellGone(active: ActiveCommand): Promise<void> {
    const code = readExit(this.#files);
    const footer: CommandEnd =
      code === undefined
        ? { kind: 'disconnected', why: 'the process that holds the terminal was ended from outside' }
        : { kind: 'shell-exited', code };
    await active.flush();
    const end = active.ending ?? footer;
    this.#closed ??= this.#whyDead();
    active.finish(end);
  }

  /** While nobody runs a command: keeps the spool small, and notices when the shell is gone. */
  async #idle(): Promise<void> {
    if (this.#active !== undefined) return;
    if (isAlive(this.#state.holder)) {
      const limit = this.#unclaimed ? runningLimit : typingLimit;
      if (this.#closed === undefined && this.#feed.offset > limit) await this.#empty();
      return;
    }
    clearInterval(this.#idleClock);
    await this.#feed.pump();
    this.#closed ??= this.#whyDead();
    this.#watchers.gone(this.#closed);
  }

  /**
   * Ends the command: Ctrl-C, then SIGTERM and SIGKILL to what it started, at last the shell. `atPrompt`: the shell
   * edits a line. After Ctrl-C `read -e` comes to its end; a prompt that has lost its marks does not.
   */
  async #force(end: CommandEnd, graceMs: number, atPrompt = false): Promise<void> {
    const active = this.#active;
    if (active === undefined || active.forced || active.sequence === 0) return;
    // A shell that is gone already has ended by itself, and that is what will be told.
    if (!isAlive(this.#state.shell)) return;
    active.forced = true;
    const over = () => this.#active !== active;
    // It may have ended already, in bytes not yet read.
    await this.#readOn();
    if (over()) return;
    active.ending = end;
    this.#feed.wake();
    const until = (condition: () => boolean, limitMs: number) => this.#prompt.until(condition, limitMs);
    const means = { keyboard: this.#keyboard, state: this.#state, until, over, graceMs };
    if (await endCommand(means, atPrompt)) return;
    if (atPrompt) active.ending = undefined;
    this.#fail(atPrompt ? lostPrompt : 'the shell did not react and was ended');
  }

  /** The shell is of no use any more: ends it, and the command under way with it. */
  #fail(why: string): void {
    const active = this.#active;
    this.#closed ??= why;
    void endSession(this.#state, 0).then(() => active?.finish(active.ending ?? { kind: 'disconnected', why }));
  }

  /** Waits until the shell takes keys; the reason why it does not, if so. Nothing is typed into what a reader started. */
  async #awaitPrompt(): Promise<string | undefined> {
    if (this.#prompt.ready && !this.#typed) return undefined;
    if (this.#running === undefined && this.#typed) {
      const program = await this.busy();
      if (program === undefined && this.#prompt.ready) return undefined;
      if (program !== undefined && isAlive(this.#state.holder)) return this.#busyWith(program);
    }
    await this.#readOn();
    const dead = () => !isAlive(this.#state.holder);
    await this.#prompt.until(() => this.#prompt.ready || dead(), this.#running === undefined ? 5000 : 1000);
    if (this.#prompt.ready) return undefined;
    if (dead()) this.#closed = this.#whyDead();
    else if (this.#running !== undefined) return `command ${this.#running} is still running`;
    else this.#closed = noPrompt;
    return this.#closed;
  }

  #busyWith(program: string): string {
    return `the terminal on ${this.host} is busy with ${program}: end it there (Ctrl-C), or wait`;
  }

  #whyDead(): string {
    const code = readExit(this.#files);
    return code === undefined ? 'the terminal is gone' : `the shell has ended with exit code ${code}`;
  }

  /** Reads what is there; not for ever where more comes than is taken. */
  #readOn(): Promise<void> {
    return Promise.race([this.#feed.pump(), sleep(100)]);
  }

  /** Empties the spool. Output is never lost, only no longer repeatable. */
  #empty(): Promise<void> {
    return this.#feed.empty(() => {
      if (this.#closed !== undefined) return false;
      const units = this.#watchers.units();
      const shown = { terminal: units === undefined ? randomUUID() : this.terminal, units: units ?? 0 };
      this.#state = { ...this.#state, forgotten: this.#running ?? this.#sequence, shown };
      writeState(this.#files, this.#state);
      rmSync(this.#files.typed, { force: true });
      this.#watchers.restart();
      this.#begun.clear();
      return true;
    });
  }

  #letGo(why: string): void {
    this.#closed ??= why;
    clearInterval(this.#idleClock);
    this.#prompt.close();
    this.#active?.finish(this.#active.ending ?? { kind: 'disconnected', why });
    this.#feed.close();
    this.#keyboard.close();
    this.#watchers.gone(this.#closed);
  }
}
