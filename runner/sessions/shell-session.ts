import { rmSync, statSync } from 'node:fs';
import type { CommandEnd } from '../../core/run/model.ts';
import { ActiveCommand } from './active-command.ts';
import { clearLine, readlineOn } from './bash-integration.ts';
import { endCommand } from './command-ending.ts';
import { startsJobs } from './job-notices.ts';
import { type OutputLost, spoolCut } from './lost-output.ts';
import type { Mark } from './marks.ts';
import { nextKeys } from './next-keys.ts';
import { isAlive } from './process-table.ts';
import { replayEnded } from './replay.ts';
import type { CommandRun, HostAccess, TerminalSession } from './session.ts';
import { readExit, release, type SessionFiles, type SessionState } from './session-files.ts';
import type { TerminalListener } from './shown-text.ts';
import { cutStatements } from './statements.ts';
import { type Advance, StepProgress } from './step-progress.ts';
import { endSession } from './terminal-processes.ts';
import { TerminalShell } from './terminal-shell.ts';
import { resizeTerminal } from './terminal-size.ts';
import { lostBefore, typedOf } from './typed-commands.ts';
import { cmdRefusal, cmdStatement } from './windows/cmd-integration.ts';

/** A spool larger than this is emptied before the next command. */
const idleLimit = 1024 * 1024;
/** A spool larger than this is emptied while no command of a runner is under way. */
const typingLimit = 16 * 1024 * 1024;
/** A spool larger than this is emptied even while a command runs, which can then no longer be taken up. */
const runningLimit = 512 * 1024 * 1024;
const idleTickMs = 200;
const lostPrompt =
  'the prompt came back without an exit status: a command changed PROMPT_COMMAND or switched builtins off (enable -n), leave them as they are';

type Request = Omit<CommandRun, 'command'>;

/** A bash on this machine or in one of its hosts, whose terminal outlives this process. Made by `openLocalSession`. */
export class LocalSession implements TerminalSession {
  readonly name: string;
  readonly host: string;
  readonly since: number;
  /** Steps run in cmd. */
  readonly #cmd: boolean;
  #takenUp = false;
  readonly #files: SessionFiles;
  readonly #previous: SessionFiles;
  readonly #shell: TerminalShell;
  /** A step has started jobs. */
  #hasJobs = false;
  #active: ActiveCommand | undefined;
  #idleClock: NodeJS.Timeout | undefined;
  /** Commands that an earlier runner began may still be taken up. */
  #unclaimed = false;

  constructor(
    { host, shell }: Pick<HostAccess, 'host' | 'shell'>,
    name: string,
    files: SessionFiles,
    previous: SessionFiles,
    state: SessionState,
  ) {
    this.host = host;
    this.#cmd = shell === 'cmd';
    this.name = name;
    this.since = statSync(files.pid).mtimeMs;
    this.#files = files;
    this.#previous = previous;
    this.#shell = new TerminalShell(host, files, state, {
      output: (bytes) => this.#active && this.#output(this.#active, bytes),
      mark: (mark) => this.#mark(mark),
    });
  }

  get takenUp(): boolean {
    return this.#takenUp;
  }

  get over(): string | undefined {
    return this.#shell.over;
  }

  get shownBefore(): number {
    return this.#shell.state.shown?.units ?? 0;
  }

  get terminal(): string {
    return this.#shell.terminal;
  }

  /** Finds out from the spool where an earlier runner, which may have been killed at any moment, left the session. */
  async attach(): Promise<void> {
    this.#takenUp = true;
    this.#unclaimed = true;
    await this.#shell.pump();
    this.#shell.typedInto = true;
    this.#shell.resume();
    // What that runner typed last may still be on its way to the shell.
    await this.#shell.prompt.until(() => this.#shell.running !== undefined, 100);
  }

  watch(listener: TerminalListener): void {
    this.#shell.watch(listener);
    if (this.over === undefined) this.#idleClock ??= setInterval(() => void this.#idle(), idleTickMs).unref();
  }

  async busy(): Promise<string | undefined> {
    await this.#shell.readOn();
    if (this.#active !== undefined || this.#shell.running !== undefined) return 'a step';
    return this.#shell.readersProgram();
  }

  async run(request: CommandRun): Promise<CommandEnd> {
    const fault = this.#active !== undefined ? 'another command of this session is running' : this.over;
    if (fault !== undefined) return { kind: 'disconnected', why: fault };
    if (request.signal.aborted) return { kind: 'stopped' };
    if (request.command.includes('\0')) {
      return { kind: 'disconnected', why: 'the command contains a NUL character, which no shell can take; remove it' };
    }
    const why = this.#cmd ? cmdRefusal(request.command, request.language) : undefined;
    if (why !== undefined) return { kind: 'refused', why };
    const refused = await this.#shell.awaitPrompt();
    if (refused !== undefined) return { kind: 'disconnected', why: refused };
    if (this.#shell.spooled > idleLimit) await this.#shell.empty();
    const statements = this.#cmd
      ? [cmdStatement(request.command)]
      : await cutStatements(request.command, this.#shell.prompt.flags.traced);
    if (request.signal.aborted) return { kind: 'stopped' };
    const sequence = this.#shell.nextSequence();
    this.#unclaimed = false;
    request.onSequence?.(sequence);
    const progress = new StepProgress(sequence, statements);
    return this.#follow(request, this.#shell.lost.bytes(), progress, (active) => this.#typeNext(active));
  }

  async takeUp(sequence: number, request: Request): Promise<CommandEnd | undefined> {
    const { prompt, keyboard, state } = this.#shell;
    if (this.#active !== undefined) return { kind: 'disconnected', why: 'another command of this session is running' };
    if (sequence <= state.forgotten) {
      const replayed = await replayEnded(this.#previous, sequence, request.onOutput);
      return replayed ?? { kind: 'disconnected', why: `the output of command ${sequence} is no longer kept` };
    }
    const typed = typedOf(this.#files, sequence);
    if (typed === undefined) return undefined;
    const begun = () => this.#shell.hasBegun(sequence, typed.count - 1);
    await this.#shell.pump();
    if (!begun()) await prompt.until(begun, 300);
    if (!begun()) {
      const refused = this.#shell.foreignProgram();
      if (refused !== undefined) return { kind: 'disconnected', why: refused };
      // Its keys may still be on their way to a slow shell. Keys come in order: when an empty line has been answered by a
      // new prompt, and nothing began before, nothing will.
      prompt.left();
      keyboard.type(`${clearLine}\r`);
      await prompt.until(() => prompt.ready || begun(), 30_000);
      if (!prompt.ready && !begun()) {
        return {
          kind: 'disconnected',
          why: 'the shell does not answer, and nobody knows whether it has begun the command',
        };
      }
    }
    await this.#shell.pump();
    // What was written down and never typed is typed now, unless it is the whole command.
    const count = begun() ? typed.count : typed.count - 1;
    if (count === 0) return undefined;
    this.#unclaimed = false;
    request.onSequence?.(sequence);
    const progress = new StepProgress(sequence, typed.statements, count);
    return this.#follow(request, lostBefore(this.#files, sequence), progress, () => this.#shell.rewindTo(sequence));
  }

  write(keys: string): void {
    if (this.over !== undefined) return;
    this.#shell.write(keys);
    if (this.#active !== undefined) this.#active.typed = true;
  }

  async resize(columns: number, rows: number): Promise<void> {
    if (this.over === undefined) await resizeTerminal(this.#shell.state.terminal, columns, rows);
  }

  async close(): Promise<void> {
    const first = this.over === undefined;
    this.#letGo('the session was closed');
    if (first || this.#shell.isAlive()) await endSession(this.#shell.state);
    rmSync(this.#files.directory, { recursive: true, force: true });
    rmSync(this.#previous.directory, { recursive: true, force: true });
  }

  detach(): void {
    this.#letGo('this runner let go of the session');
    release(this.#files);
  }

  /** Types the shell integration when readline is there, and waits for the first prompt with marks. */
  async bootstrap(line: string, limitMs: number): Promise<void> {
    const { prompt, keyboard } = this.#shell;
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
    void this.#follow(request, 0, undefined, () => void this.#shell.pump());
    try {
      const dead = () => !this.#shell.isAlive();
      await prompt.until(() => seen.includes(readlineOn) || dead(), deadline - Date.now());
      keyboard.type(line);
      await prompt.until(() => prompt.ready || dead(), deadline - Date.now());
      if (!prompt.ready) {
        await this.#shell.readOn();
        const shown = seen.trim();
        const why = dead() ? 'the shell ended before its first prompt' : `it had no prompt within ${limitMs / 1000} s`;
        throw new Error(
          `no shell came up on host ${this.host}: ${why}; it has to be bash 5.1 or newer. ` +
            `The terminal shows: ${shown === '' ? 'nothing' : shown}`,
        );
      }
    } finally {
      this.#active?.finish({ kind: 'stopped' });
    }
    this.#shell.foundShell();
  }

  #follow(
    request: Request,
    lostBefore: number,
    progress: StepProgress | undefined,
    start: (active: ActiveCommand) => void,
  ): Promise<CommandEnd> {
    const expire = (end: CommandEnd) => void this.#force(end, 2000);
    const care = {
      tick: (command: ActiveCommand) => this.#tick(command),
      expire,
      finished: () => {
        if (this.#active === active) this.#active = undefined;
      },
    };
    const active = new ActiveCommand(progress?.sequence ?? 0, request, care, progress);
    active.lostBefore = lostBefore;
    active.hasJobs = this.#hasJobs;
    this.#active = active;
    try {
      start(active);
    } catch (error) {
      active.finish({ kind: 'refused', why: error instanceof Error ? error.message : String(error) });
    }
    if (request.signal.aborted) expire({ kind: 'stopped' });
    return active.end;
  }

  #typeNext(active: ActiveCommand): void {
    const { progress } = active;
    const { statement, number } = progress;
    if (startsJobs(statement)) this.#hasJobs = true;
    active.hasJobs = this.#hasJobs;
    const { keys, command, look } = nextKeys(progress, this.#shell.prompt.flags);
    const statements = number.index === 0 ? progress.statements : undefined;
    const typed = { ...number, command, ...(statements && { statements }), ...(look && { look }) };
    this.#shell.typeStatement(typed, keys, clearLine);
  }

  #mark(mark: Mark): Promise<void> | undefined {
    const active = this.#active;
    if (active === undefined || active.sequence === 0) return undefined;
    if (mark.kind === 'ready') {
      const lost = this.#lost(active);
      if (lost !== undefined) {
        active.finish(lost);
        return undefined;
      }
    }
    return active.follow(mark, (advance) => this.#advance(active, advance, mark));
  }

  #advance(active: ActiveCommand, advance: Advance, mark: Mark): void {
    switch (advance.kind) {
      case 'on':
        if (mark.kind === 'ready' && active.ending !== undefined) this.#fail('the command was stopped before it began');
        return;
      case 'type':
        if (active.ending !== undefined) {
          active.finish(active.ending);
          return;
        }
        try {
          this.#typeNext(active);
        } catch (error) {
          const why = `${error instanceof Error ? error.message : String(error)}; what came before it in the step has run`;
          active.finish({ kind: 'disconnected', why });
        }
        return;
      case 'end': {
        const { kind: _, ...exited } = advance;
        active.finish(this.#lost(active) ?? active.ending ?? { kind: 'exited', ...exited });
        return;
      }
      case 'lost-prompt':
        this.#fail(lostPrompt);
    }
  }

  async #tick(active: ActiveCommand): Promise<void> {
    const shell = this.#shell;
    // Dead is what was dead before the last read: then nothing can come after it.
    const alive = shell.isAlive();
    await (alive ? shell.readOn() : shell.pump());
    if (this.#active !== active || active.sequence === 0) return;
    if (!alive) return this.#shellGone(active);
    if (shell.cut) return this.#loseOutput(active);
    if (shell.spooled > runningLimit) await shell.empty();
    if (this.#active !== active || active.ending !== undefined) return;
    if (!active.began) {
      // The sign of its beginning may be what was lost.
      const lost = this.#lost(active);
      if (lost !== undefined) await this.#force(lost, 300);
    }
    if (!active.began || active.typed) return;
    const found = active.inputWatch.look(shell.state, performance.now() - active.outputAt);
    if (found === undefined) return;
    const atPrompt = found.pid === shell.state.shell.pid && active.tail.includes(readlineOn);
    await this.#force({ kind: 'waits-for-input', program: found.name }, 300, atPrompt);
  }

  async #shellGone(active: ActiveCommand): Promise<void> {
    const code = readExit(this.#files);
    const footer: CommandEnd =
      code === undefined
        ? { kind: 'disconnected', why: 'the process that holds the terminal was ended from outside' }
        : { kind: 'shell-exited', code };
    await active.flush();
    const end = this.#lost(active) ?? active.ending ?? footer;
    this.#shell.giveUp(this.#shell.whyDead());
    active.finish(end);
  }

  #output(active: ActiveCommand, bytes: Buffer): Promise<void> | undefined {
    const lost = active.request.onOutputLost && this.#lost(active);
    if (lost !== undefined) active.request.onOutputLost?.(lost);
    return active.output(bytes);
  }

  /** Whether something of the command's output is missing; then nothing it did is a pass. */
  #lost(active: ActiveCommand): OutputLost | undefined {
    return this.#shell.cut ? spoolCut(this.#files) : this.#shell.lost.since(active.lostBefore);
  }

  /** The spool has a hole: ends the command and the shell, of which nothing more could be known. */
  async #loseOutput(active: ActiveCommand): Promise<void> {
    const end = spoolCut(this.#files);
    this.#shell.giveUp(end.why);
    await endSession(this.#shell.state, 0);
    active.finish(end);
  }

  /** While nobody runs a command: keeps the spool small, and notices when the shell is gone. */
  async #idle(): Promise<void> {
    if (this.#active !== undefined) return;
    const shell = this.#shell;
    if (shell.isAlive()) {
      const limit = this.#unclaimed ? runningLimit : typingLimit;
      if (this.over === undefined && shell.spooled > limit) await shell.empty();
      return;
    }
    clearInterval(this.#idleClock);
    await shell.pump();
    shell.giveUp(shell.whyDead());
    shell.tellGone();
  }

  /**
   * Ends the command: Ctrl-C, then SIGTERM and SIGKILL to what it started, at last the shell. `atPrompt`: the shell
   * edits a line. After Ctrl-C `read -e` comes to its end; a prompt that has lost its marks does not.
   */
  async #force(end: CommandEnd, graceMs: number, atPrompt = false): Promise<void> {
    const shell = this.#shell;
    const active = this.#active;
    if (active === undefined || active.forced || active.sequence === 0) return;
    // A shell that is gone already has ended by itself, and that is what will be told.
    if (!isAlive(shell.state.shell)) return;
    active.forced = true;
    const over = () => this.#active !== active;
    // It may have ended already, in bytes not yet read.
    await shell.readOn();
    if (over()) return;
    active.ending = end;
    shell.wake();
    const until = (condition: () => boolean, limitMs: number) => shell.prompt.until(condition, limitMs);
    const { keyboard, state } = shell;
    if (await endCommand({ keyboard, state, until, over, graceMs }, atPrompt)) return;
    if (atPrompt) active.ending = undefined;
    this.#fail(atPrompt ? lostPrompt : 'the shell did not react and was ended');
  }

  /** The shell is of no use any more: ends it, and the command under way with it. */
  #fail(why: string): void {
    const active = this.#active;
    const end: CommandEnd = { kind: 'disconnected', why };
    // The shell may be seen to be gone before all of its session is.
    if (active !== undefined) active.ending ??= end;
    this.#shell.giveUp(why);
    void endSession(this.#shell.state, 0).then(() => active?.finish(this.#lost(active) ?? active.ending ?? end));
  }

  #letGo(why: string): void {
    this.#shell.giveUp(why);
    clearInterval(this.#idleClock);
    this.#active?.finish(this.#active.ending ?? { kind: 'disconnected', why });
    this.#shell.close(why);
  }
}
