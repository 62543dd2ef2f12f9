import type { Access } from '../sessions/access.ts';
import { openSession } from '../sessions/open.ts';
import type { Limits } from './limits.ts';
import { type CommandPlace, TerminalLife, type TerminalSize } from './terminal-life.ts';
import type { TerminalWatcher, WatchFrom } from './terminal-watcher.ts';

/** The size that steps run with, as on the command line: their output must not depend on a reader's window. */
const stepSize: TerminalSize = { columns: 120, rows: 30 };

/** What a host's terminal needs to know. */
export type HostTerminalOptions = {
  readonly limits: Limits;
  /** Throws while the host is down. */
  readonly access: () => Access;
  /** Values that no page may see. */
  readonly secrets: () => readonly string[];
  /** A command's place in the terminal has become known. */
  readonly placed: (sequence: number) => void;
  /** All places are others: a terminal was opened, or is gone. */
  readonly replaced: () => void;
};

/**
 * The one terminal of a host that steps and readers share. Its shell lives on over runs; when it ends, the next one who
 * needs it gets a new one. Among several pages the size is that of the one that was resized last, except while a run
 * goes on.
 */
export class HostTerminal {
  readonly #options: HostTerminalOptions;
  readonly #watchers = new Set<TerminalWatcher>();
  #life: TerminalLife | undefined;
  #opening: Promise<TerminalLife> | undefined;
  #retiring: Promise<void> = Promise.resolve();
  #endReason: string | undefined;
  #wanted: TerminalSize | undefined;
  #size = stepSize;
  #runs = 0;
  #hold: { readonly over: PromiseWithResolvers<void>; readonly clock: NodeJS.Timeout } | undefined;

  constructor(options: HostTerminalOptions) {
    this.#options = options;
  }

  /** The terminal as it is, if it is there. */
  get life(): TerminalLife | undefined {
    return this.#life?.session.over === undefined ? this.#life : undefined;
  }

  /** The terminal; a new shell is started, or one that an earlier runner left is taken up, when there is none. */
  open(): Promise<TerminalLife> {
    if (this.life !== undefined) return Promise.resolve(this.life);
    this.#opening ??= this.#begin().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  /** Shows a page the terminal; when it ends, the next one too. */
  async watch(watcher: TerminalWatcher, from: WatchFrom, size: TerminalSize): Promise<void> {
    this.#wanted = size;
    const life = await this.open();
    this.#watchers.add(watcher);
    await this.#fit();
    if (this.#life === life) watcher.begin(life, this.#size, from);
  }

  unwatch(watcher: TerminalWatcher): void {
    this.#watchers.delete(watcher);
    this.#release();
  }

  drawn(watcher: TerminalWatcher, offset: number): void {
    watcher.drawn(offset);
    this.#release();
  }

  async resize({ columns, rows }: TerminalSize): Promise<void> {
    this.#wanted = { columns, rows };
    await this.#fit();
  }

  /** Types a reader's keys. */
  type(keys: string): void {
    this.life?.session.write(keys);
  }

  /** Masks these values too. */
  hide(secrets: readonly string[]): void {
    this.#life?.hide(secrets);
  }

  /** Where a command ran that began at `since`, and in which terminal. */
  place(sequence: number, since: number): ({ readonly terminal: string } & Readonly<CommandPlace>) | undefined {
    const place = this.#life?.place(sequence, since);
    return this.#life && place && { terminal: this.#life.name, from: place.from, to: place.to };
  }

  /** A run uses the terminal: until the returned function is called it has the size for steps. */
  async enterRun(): Promise<() => void> {
    this.#runs++;
    await this.#fit();
    return () => {
      this.#runs--;
      void this.#fit();
    };
  }

  /** Ends the shell and all that runs in it. */
  async end(why: string): Promise<void> {
    await this.#opening?.catch(() => undefined);
    const life = this.#life;
    this.#endReason = why;
    if (life !== undefined) await this.#retire(life);
    this.#endReason = undefined;
    await this.#retiring;
  }

  async #begin(): Promise<TerminalLife> {
    if (this.#life !== undefined) await this.#retire(this.#life);
    await this.#retiring;
    const session = await openSession(this.#options.access(), 'steps', stepSize);
    const life: TerminalLife = new TerminalLife(session, this.#options.limits.kept, this.#options.secrets(), {
      grown: () => this.#grown(),
      placed: this.#options.placed,
      gone: (why) => this.#gone(why),
    });
    this.#life = life;
    this.#size = stepSize;
    this.#options.replaced();
    // One that was taken up may have any size.
    if (session.takenUp) await session.resize(stepSize.columns, stepSize.rows).catch(() => undefined);
    for (const watcher of this.#watchers) watcher.begin(life, this.#size, { terminal: undefined, from: undefined });
    await this.#fit();
    return life;
  }

  #gone(why: string): void {
    const life = this.#life;
    this.#life = undefined;
    for (const watcher of this.#watchers) watcher.end(this.#endReason ?? why);
    this.#release();
    this.#options.replaced();
    if (life !== undefined) void this.#retire(life);
  }

  #retire(life: TerminalLife): Promise<void> {
    // One after the other: a new shell has the same files.
    this.#retiring = this.#retiring.then(() => life.session.close()).catch(() => undefined);
    return this.#retiring;
  }

  async #fit(): Promise<void> {
    const life = this.life;
    const size = this.#runs > 0 ? stepSize : (this.#wanted ?? stepSize);
    if (life === undefined || (size.columns === this.#size.columns && size.rows === this.#size.rows)) return;
    this.#size = size;
    await life.session.resize(size.columns, size.rows).catch(() => undefined);
    for (const watcher of this.#watchers) watcher.announce(this.#size);
  }

  #grown(): Promise<void> | undefined {
    for (const watcher of this.#watchers) watcher.push();
    if (!this.#isHeld()) return undefined;
    this.#hold ??= {
      over: Promise.withResolvers(),
      clock: setInterval(() => this.#release(), this.#options.limits.patience / 4),
    };
    return this.#hold.over.promise;
  }

  #release(): void {
    if (this.#hold === undefined || this.#isHeld()) return;
    clearInterval(this.#hold.clock);
    this.#hold.over.resolve();
    this.#hold = undefined;
  }

  #isHeld(): boolean {
    const now = performance.now();
    // Each of them is asked: asking is how a page that draws nothing loses its right.
    return [...this.#watchers].map((watcher) => watcher.holds(now)).includes(true);
  }
}
