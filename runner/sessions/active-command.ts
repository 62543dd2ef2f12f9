import type { CommandEnd } from '../../core/run/model.ts';
import { InputWatch } from './input-watch.ts';
import type { CommandRun } from './session.ts';
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
  began: boolean;
  outputAt = performance.now();
  /** Last characters of the output, to see a prompt that came without a mark. */
  tail = '';
  /** Set once the command is being ended by force. */
  ending: CommandEnd | undefined;
  /** Somebody has begun to end it by force. */
  forced = false;
  /** A reader typed keys into it. */
  typed = false;
  /** Bytes of the session's output that had been lost before it. */
  lostBefore = 0;
  readonly #decoder: SurrogateDecoder;
  readonly #finish: (end: CommandEnd) => void;
  readonly #care: CommandCare;
  readonly #clock: NodeJS.Timeout;
  readonly #limit: NodeJS.Timeout;
  readonly #stop: () => void;
  #over = false;

  /** `began`: all that comes is output, without a mark at its beginning. */
  constructor(
    sequence: number,
    request: Omit<CommandRun, 'command'>,
    care: CommandCare,
    began = false,
    decoder = createSurrogateDecoder(),
  ) {
    this.#decoder = decoder;
    this.sequence = sequence;
    this.request = request;
    this.began = began;
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

  /** Hands on output. */
  output(bytes: Buffer): Promise<void> | undefined {
    this.outputAt = performance.now();
    const text = this.#decoder.write(bytes);
    this.tail = text.length < 4096 ? (this.tail + text).slice(-4096) : text.slice(-4096);
    return text === '' ? undefined : (this.request.onOutput(text) ?? undefined);
  }

  /** Hands on what is left of an unfinished character. */
  flush(): Promise<void> | undefined {
    const rest = this.#decoder.end();
    return rest === '' ? undefined : (this.request.onOutput(rest) ?? undefined);
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
