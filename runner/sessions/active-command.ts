import type { CommandEnd } from '../../core/run/model.ts';
import { InputWatch } from './input-watch.ts';
import { JobNotices } from './job-notices.ts';
import type { Mark } from './marks.ts';
import type { CommandRun } from './session.ts';
import { type Advance, StepProgress } from './step-progress.ts';
import { createSurrogateDecoder, type SurrogateDecoder } from './surrogate-text.ts';

const tickMs = 100;

/** What the session does for a command under way. */
export type CommandCare = {
  /** Called each 100 ms, never twice at a time. */
  readonly tick: (command: ActiveCommand) => Promise<void>;
  /** Its time is over, or it is to stop. */
  readonly expire: (end: CommandEnd) => void;
  readonly finished: () => void;
};

/** The command under way. */
export class ActiveCommand {
  readonly sequence: number;
  readonly request: Omit<CommandRun, 'command'>;
  /** How it ended. */
  readonly end: Promise<CommandEnd>;
  readonly inputWatch = new InputWatch();
  readonly progress: StepProgress;
  outputAt = performance.now();
  /** Last characters of the output, to see a prompt that came without a mark. */
  tail = '';
  /** Set once the command is being ended by force. */
  ending: CommandEnd | undefined;
  /** Somebody has begun to end it by force. */
  forced = false;
  /** A reader typed keys into it. */
  typed = false;
  /** The shell may print notices of jobs. */
  hasJobs = false;
  /** Bytes of the session's output that had been lost before it. */
  lostBefore = 0;
  readonly #decoder: SurrogateDecoder;
  readonly #notices = new JobNotices();
  readonly #bare: boolean;
  readonly #finish: (end: CommandEnd) => void;
  readonly #care: CommandCare;
  readonly #clock: NodeJS.Timeout;
  readonly #limit: NodeJS.Timeout;
  readonly #stop: () => void;
  #over = false;

  /** Without `progress` all that comes is output. */
  constructor(
    sequence: number,
    request: Omit<CommandRun, 'command'>,
    care: CommandCare,
    progress?: StepProgress,
    decoder = createSurrogateDecoder(),
  ) {
    this.#decoder = decoder;
    this.sequence = sequence;
    this.request = request;
    this.progress = progress ?? new StepProgress(sequence, []);
    this.#bare = progress === undefined;
    this.#care = care;
    const { promise, resolve } = Promise.withResolvers<CommandEnd>();
    this.end = promise;
    this.#finish = resolve;
    let ticking = false;
    this.#clock = setInterval(() => {
      if (ticking) return;
      ticking = true;
      void care.tick(this).finally(() => {
        ticking = false;
      });
    }, tickMs);
    const limit = Math.min(request.timeout, 2 ** 31 - 1);
    this.#limit = setTimeout(() => care.expire({ kind: 'timed-out', afterMs: limit }), limit);
    this.#stop = () => care.expire({ kind: 'stopped' });
    request.signal.addEventListener('abort', this.#stop, { once: true });
  }

  /** Whether its output has begun. */
  get began(): boolean {
    return this.#bare || this.progress.phase === 'running';
  }

  /** Hands on what of the terminal's bytes is output. */
  output(bytes: Buffer): Promise<void> | undefined {
    const own = this.#bare ? bytes : this.progress.bytes(bytes);
    return own === undefined || own.length === 0 ? undefined : this.#give(own);
  }

  /** Takes a mark, and tells what follows from it and when its output has been taken. */
  mark(mark: Mark): { readonly advance: Advance; readonly told: Promise<void> | undefined } {
    const waits: Promise<void>[] = [];
    const wait = (told: Promise<void> | undefined) => told && waits.push(told);
    const advance = this.progress.mark(mark, (bytes) => wait(this.#give(bytes)));
    if (mark.kind === 'ended' || advance.kind === 'end') wait(this.flush());
    return { advance, told: waits.length === 0 ? undefined : Promise.all(waits).then(() => undefined) };
  }

  /** Takes a mark, and calls `act` with its advance once the output before it has been taken. */
  follow(mark: Mark, act: (advance: Advance) => void): Promise<void> | undefined {
    const { advance, told } = this.mark(mark);
    if (told !== undefined) return told.then(() => act(advance));
    act(advance);
    return undefined;
  }

  /** Hands on what is left of an unfinished character, or of what might have been a notice of the shell. */
  flush(): Promise<void> | undefined {
    const kept = this.progress.phase === 'running' ? this.progress.rest() : undefined;
    const last = (kept === undefined ? '' : this.#decoder.write(kept)) + this.#decoder.end();
    const rest = this.#notices.write(last) + this.#notices.end();
    return rest === '' ? undefined : (this.request.onOutput(rest) ?? undefined);
  }

  #give(bytes: Buffer): Promise<void> | undefined {
    this.outputAt = performance.now();
    const text = this.#decoder.write(bytes);
    this.tail = text.length < 4096 ? (this.tail + text).slice(-4096) : text.slice(-4096);
    const own = this.hasJobs ? this.#notices.write(text) : text;
    return own === '' ? undefined : (this.request.onOutput(own) ?? undefined);
  }

  /** Tells how it ended; only the first time counts. */
  finish(end: CommandEnd): void {
    if (this.#over) return;
    this.#over = true;
    clearInterval(this.#clock);
    clearTimeout(this.#limit);
    this.request.signal.removeEventListener('abort', this.#stop);
    this.#care.finished();
    this.#finish(end);
  }
}
