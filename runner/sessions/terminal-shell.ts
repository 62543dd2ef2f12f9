import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { promptFlags } from './bash-integration.ts';
import { foregroundProgram, runningProgram } from './foreground.ts';
import { Keyboard } from './keyboard.ts';
import { LostCount } from './lost-output.ts';
import type { Mark, Piece } from './marks.ts';
import { isAlive, readProcess, signalProcess } from './process-table.ts';
import { Prompt } from './prompt.ts';
import { readExit, type SessionFiles, type SessionState, tryWriteState, writeState } from './session-files.ts';
import type { TerminalListener } from './shown-text.ts';
import { TerminalFeed } from './terminal-feed.ts';
import { readTyped, type TypedCommand, TypedLog } from './typed-commands.ts';
import { Watchers } from './watchers.ts';

const noPrompt =
  'the prompt did not come back; a command before may have redirected the stderr of the shell itself by exec';

/** Who takes what the commands of the shell print, and hears how they end. */
export type CommandTaker = {
  readonly output: (bytes: Buffer) => Promise<void> | undefined;
  readonly mark: (mark: Mark) => Promise<void> | undefined;
};

/** A shell behind a terminal as its spool tells of it: its prompt, its commands by number, who watches, who types. */
export class TerminalShell {
  readonly host: string;
  readonly files: SessionFiles;
  readonly prompt = new Prompt();
  readonly keyboard: Keyboard;
  readonly lost: LostCount;
  readonly #feed: TerminalFeed;
  readonly #watchers: Watchers;
  readonly #taker: CommandTaker;
  /** What was typed since the spool began, in order. */
  #typed: TypedCommand[];
  readonly #typedLog: TypedLog;
  /** Where each statement that the spool still has begins, by its place among them; and the other way round. */
  readonly #begun = new Map<number, number>();
  readonly #beginnings = new Map<number, number>();
  #state: SessionState;
  #sequence: number;
  #running: number | undefined;
  #over: string | undefined;
  /** Somebody else than we may have typed since the last command. */
  typedInto = false;

  constructor(host: string, files: SessionFiles, state: SessionState, taker: CommandTaker) {
    this.host = host;
    this.files = files;
    this.#taker = taker;
    this.#state = state;
    this.#typed = readTyped(files);
    this.#typedLog = new TypedLog(files);
    this.#sequence = Math.max(state.forgotten, ...this.#typed.map(({ sequence }) => sequence));
    this.keyboard = new Keyboard(files.keys);
    this.lost = new LostCount(files);
    this.#watchers = new Watchers(files);
    this.#feed = new TerminalFeed(files.spool, state.nonce, state.holder, (piece) => this.#take(piece));
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Why it takes no more commands; undefined while it does. */
  get over(): string | undefined {
    return this.#over;
  }

  /** Number of the command that runs. */
  get running(): number | undefined {
    return this.#running;
  }

  /** Bytes that the spool has. */
  get spooled(): number {
    return this.#feed.offset;
  }

  /** Names what watchers are shown. */
  get terminal(): string {
    return this.#state.shown?.terminal ?? createHash('sha256').update(this.#state.nonce).digest('hex').slice(0, 16);
  }

  /** Whether the process that holds the terminal lives. */
  isAlive(): boolean {
    return isAlive(this.#state.holder);
  }

  /** Whether somebody else than this runner has cut the spool. */
  get cut(): boolean {
    return this.#feed.cut;
  }

  /** Whether the spool has the beginning of a statement. */
  hasBegun(sequence: number, index: number): boolean {
    return this.#placeOf(sequence, index) !== undefined;
  }

  /** Takes in what the shell's leading process turned out to be. */
  foundShell(): void {
    const leader = readProcess(this.#state.leader.pid);
    const shell = leader === undefined ? undefined : readProcess(leader.foreground);
    if (shell === undefined) throw new Error(`the shell on host ${this.host} ended as soon as it had started`);
    this.#state = { ...this.#state, shell: { pid: shell.pid, startTime: shell.startTime }, ready: true };
    writeState(this.files, this.#state);
  }

  watch(listener: TerminalListener): void {
    this.#watchers.add(listener, this.#state);
    if (this.#over !== undefined) this.#watchers.gone(this.#over);
  }

  /** Reads all that the spool has. */
  pump(): Promise<void> {
    return this.#feed.pump();
  }

  /** Reads what is there; not for ever where more comes than is taken. */
  readOn(): Promise<void> {
    return Promise.race([this.#feed.pump(), sleep(100)]);
  }

  /** Lets a terminal that was stopped go on. */
  wake(): void {
    this.#feed.wake();
  }

  /** The number of the next command. */
  nextSequence(): number {
    return ++this.#sequence;
  }

  /** Types a statement. `keys` make the shell run it, `clear` empties its line before. Throws when that cannot be written down. */
  typeStatement(statement: Omit<TypedCommand, 'at' | 'lost'>, keys: string, clear: string): void {
    const typed = this.#typedLog.note({ ...statement, at: this.#feed.position, lost: this.lost.bytes() });
    this.#typed.push(typed);
    this.prompt.left();
    this.#watchers.typed(typed);
    this.keyboard.type(this.typedInto ? clear + keys : keys);
    this.typedInto = false;
  }

  /** Tells a command's output again from its beginning. */
  rewindTo(sequence: number): void {
    const offset = this.#placeOf(sequence, 0);
    if (offset === undefined) return;
    this.prompt.left();
    this.#running = undefined;
    this.#feed.rewind(offset);
  }

  /** Types a reader's keys. */
  write(keys: string): void {
    this.#feed.wake();
    this.keyboard.type(keys);
    this.prompt.typed(keys);
    this.typedInto = true;
  }

  /** What runs in it that a reader has started; undefined at a prompt. */
  async readersProgram(): Promise<string | undefined> {
    if (this.#over !== undefined || !this.typedInto) return undefined;
    return runningProgram({ state: this.#state, prompt: this.prompt }, 3000);
  }

  /** The program that has the terminal, as a reason not to type. */
  foreignProgram(): string | undefined {
    const program = foregroundProgram(this.#state);
    return program && this.#busyWith(program);
  }

  /** Waits until the shell takes keys; the reason why it does not, if so. Nothing is typed into what a reader started. */
  async awaitPrompt(): Promise<string | undefined> {
    if (this.prompt.ready && !this.typedInto) return undefined;
    if (this.#running === undefined && this.typedInto) {
      const program = await this.readersProgram();
      if (program === undefined && this.prompt.ready) return undefined;
      if (program !== undefined && this.isAlive()) return this.#busyWith(program);
    }
    await this.readOn();
    const dead = () => !this.isAlive();
    await this.prompt.until(() => this.prompt.ready || dead(), this.#running === undefined ? 5000 : 1000);
    if (this.prompt.ready) return undefined;
    if (dead()) this.#over = this.whyDead();
    else if (this.#running !== undefined) return `command ${this.#running} is still running`;
    else this.#over = noPrompt;
    return this.#over;
  }

  /** Why the shell is gone. */
  whyDead(): string {
    const code = readExit(this.files);
    return code === undefined ? 'the terminal is gone' : `the shell has ended with exit code ${code}`;
  }

  /** It takes no more commands; the first reason counts. */
  giveUp(why: string): void {
    this.#over ??= why;
  }

  /** Tells who watches that the terminal is gone. */
  tellGone(): void {
    if (this.#over !== undefined) this.#watchers.gone(this.#over);
  }

  /** Empties the spool. Output is never lost, only no longer repeatable. */
  empty(): Promise<void> {
    return this.#feed.empty(() => {
      if (this.#over !== undefined) return false;
      const units = this.#watchers.units();
      const shown = { terminal: units === undefined ? randomUUID() : this.terminal, units: units ?? 0 };
      const state = { ...this.#state, forgotten: this.#running ?? this.#sequence, shown };
      // On a full disk it stays as it is, until there is room.
      if (!tryWriteState(this.files, state)) return false;
      this.#state = state;
      this.#typedLog.empty();
      this.#watchers.restart();
      this.#begun.clear();
      this.#beginnings.clear();
      this.#typed = [];
      return true;
    });
  }

  /** Makes a terminal that a killed runner left stopped go on. */
  resume(): void {
    signalProcess(this.#state.holder, 'SIGCONT');
  }

  /** Lets go of the terminal, which lives on. */
  close(why: string): void {
    this.#over ??= why;
    this.prompt.close();
    this.#feed.close();
    this.lost.close();
    this.#typedLog.close();
    this.keyboard.close();
    this.tellGone();
  }

  #busyWith(program: string): string {
    return `the terminal on ${this.host} is busy with ${program}: end it there (Ctrl-C), or wait`;
  }

  #take(piece: Piece): Promise<void> | undefined {
    // The watchers first: when somebody hears of a command's end, its place in the terminal is known.
    const watched = this.#watchers.take(piece);
    const shown = watched && this.#feed.hold(watched);
    const told = piece.kind === 'bytes' ? this.#output(piece.bytes) : this.#mark(piece.mark, piece.at);
    return shown && told ? Promise.all([shown, told]).then(() => undefined) : (shown ?? told);
  }

  #output(bytes: Buffer): Promise<void> | undefined {
    this.prompt.output(bytes);
    return this.#taker.output(bytes);
  }

  #mark(mark: Mark, at: number): Promise<void> | undefined {
    if (mark.kind === 'began') {
      const place = this.#attribute(at);
      // Whatever else begins is a reader's.
      if (place === undefined) return undefined;
      this.#begun.set(place, at);
      this.#beginnings.set(at, place);
      this.#running = this.#typed[place]?.sequence;
    } else if (mark.kind === 'ended') {
      if (this.#running !== mark.sequence) return undefined;
      this.#running = undefined;
    } else if (mark.kind === 'ready') {
      this.prompt.came(promptFlags(mark.flags, mark.pipe));
    }
    return this.#taker.mark(mark);
  }

  /** Which typed statement begins at an offset of the spool. */
  #attribute(at: number): number | undefined {
    const known = this.#beginnings.get(at);
    if (known !== undefined) return known;
    const place = this.#typed.findLastIndex((typed) => typed.at <= at && typed.look !== 'hidden');
    return place < 0 || this.#begun.has(place) ? undefined : place;
  }

  #placeOf(sequence: number, index: number): number | undefined {
    const place = this.#typed.findLastIndex(
      (typed) => typed.sequence === sequence && typed.index === index && typed.look !== 'hidden',
    );
    return this.#begun.get(place);
  }
}
