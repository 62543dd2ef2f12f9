import { randomUUID } from 'node:crypto';
import type { ServerMessage } from '../../core/protocol/server-message.ts';

type Ask = Extract<ServerMessage, { kind: 'ask' }>;

/** A reader's answer. */
export type Answer = 'run' | 'rest' | 'refuse';

type Open = {
  readonly message: Ask;
  readonly settle: (answer: Answer | 'nobody' | 'stopped') => void;
  alone?: NodeJS.Timeout;
};

/** What the questions need of the pages. */
export type Audience = {
  readonly tell: (runbook: string, message: ServerMessage) => void;
  /** Is there a page on the runbook? */
  readonly isThere: (runbook: string) => boolean;
  /** Milliseconds that a question waits without one. */
  readonly patience: number;
};

/** Questions about dangerous steps that wait for a reader's answer. */
export class Questions {
  readonly #audience: Audience;
  readonly #open = new Map<string, Open>();

  constructor(audience: Audience) {
    this.#audience = audience;
  }

  /** Asks all pages on a runbook; the first answer counts. `nobody`: no page was left to answer. */
  ask(question: Omit<Ask, 'kind' | 'ask'>, signal: AbortSignal): Promise<Answer | 'nobody' | 'stopped'> {
    if (signal.aborted) return Promise.resolve('stopped');
    const message: Ask = { kind: 'ask', ask: randomUUID(), ...question };
    const { promise, resolve } = Promise.withResolvers<Answer | 'nobody' | 'stopped'>();
    const stop = (): void => settle('stopped');
    const settle = (answer: Answer | 'nobody' | 'stopped'): void => {
      if (!this.#open.delete(message.ask)) return;
      clearTimeout(open.alone);
      signal.removeEventListener('abort', stop);
      this.#audience.tell(message.runbook, { kind: 'answered', ask: message.ask });
      resolve(answer);
    };
    const open: Open = { message, settle };
    this.#open.set(message.ask, open);
    signal.addEventListener('abort', stop, { once: true });
    this.#audience.tell(message.runbook, message);
    this.#watch(open);
    return promise;
  }

  /** Takes a page's answer; undefined when the question is settled already or there is none of that name. */
  answer(ask: string, answer: Answer): Ask | undefined {
    const open = this.#open.get(ask);
    if (open === undefined) return undefined;
    if (answer !== 'rest' || open.message.disposable) open.settle(answer);
    return open.message;
  }

  /** The questions that a page on a runbook has to be asked. */
  of(runbook: string): readonly Ask[] {
    return [...this.#open.values()].flatMap(({ message }) => (message.runbook === runbook ? [message] : []));
  }

  /** Pages came or went. */
  audienceChanged(): void {
    for (const open of this.#open.values()) this.#watch(open);
  }

  #watch(open: Open): void {
    if (this.#audience.isThere(open.message.runbook)) {
      clearTimeout(open.alone);
      delete open.alone;
    } else open.alone ??= setTimeout(() => open.settle('nobody'), this.#audience.patience);
  }
}
