import { randomUUID } from 'node:crypto';
import { createRedactor, type RedactedStream } from '../recorder/redactor.ts';
import type { TerminalSession } from '../sessions/session.ts';
import type { TerminalListener } from '../sessions/shown-text.ts';
import { TextRing } from './text-ring.ts';

/** Places of commands that are remembered. */
const mostPlaces = 10_000;

/** A terminal's size, in characters. */
export type TerminalSize = { readonly columns: number; readonly rows: number };

/** Where in a terminal's text a command's output begins and ends. */
export type CommandPlace = { readonly from: number; to: number | undefined };

/** Who is told of what a terminal does. */
export type LifeListener = {
  /** Text was added. A promise holds the terminal back. */
  readonly grown: () => Promise<void> | undefined;
  /** A command's output begins or ends here. */
  readonly placed: (sequence: number) => void;
  readonly gone: (why: string) => void;
};

/**
 * One terminal from the beginning of its shell to its end: what pages are shown of it. Offsets count UTF-16 units of
 * that text, and are the same for the next runner: it reads the same spool. Where secrets are masked they need not be,
 * because that runner may know others; then the terminal has a name of its own in each runner, and pages start over.
 */
export class TerminalLife {
  readonly name: string;
  readonly session: TerminalSession;
  readonly text: TextRing;
  readonly #listener: LifeListener;
  readonly #places = new Map<number, CommandPlace>();
  #secrets: readonly string[];
  #redacted: RedactedStream | undefined;
  /** While what the spool has is read, nobody is told. */
  #begun = false;

  constructor(session: TerminalSession, kept: number, secrets: readonly string[], listener: LifeListener) {
    this.session = session;
    this.name = secrets.length === 0 ? session.terminal : randomUUID();
    this.#listener = listener;
    this.#secrets = secrets;
    this.#redacted = redactedStream(secrets);
    this.text = new TextRing(kept, session.shownBefore);
    const watching: TerminalListener = {
      output: (text) => this.#add(this.#redacted?.write(text.toWellFormed()) ?? text.toWellFormed()),
      began: (sequence) => this.#place(sequence, true),
      ended: (sequence) => this.#place(sequence, false),
      gone: (why) => {
        this.#flush();
        this.#listener.gone(why);
      },
    };
    session.watch(watching);
    this.#begun = true;
  }

  /** Where a command ran that was begun since `since` (milliseconds of the clock); undefined when it is not known here. */
  place(sequence: number, since: number): CommandPlace | undefined {
    return since < this.session.since ? undefined : this.#places.get(sequence);
  }

  /** From now on these are masked. */
  hide(secrets: readonly string[]): void {
    if (secrets.every((secret) => this.#secrets.includes(secret))) return;
    this.#flush();
    this.#secrets = [...new Set([...this.#secrets, ...secrets])];
    this.#redacted = redactedStream(this.#secrets);
  }

  #add(text: string): Promise<void> | undefined {
    if (text === '') return undefined;
    this.text.append(text);
    return this.#begun ? this.#listener.grown() : undefined;
  }

  #flush(): void {
    void this.#add(this.#redacted?.end() ?? '');
  }

  #place(sequence: number, begins: boolean): void {
    this.#flush();
    const at = this.text.end;
    const known = this.#places.get(sequence);
    if (begins) this.#places.set(sequence, { from: at, to: undefined });
    else if (known !== undefined) known.to = at;
    if (this.#places.size > mostPlaces) this.#places.delete(this.#places.keys().next().value ?? sequence);
    if (this.#begun) this.#listener.placed(sequence);
  }
}

function redactedStream(secrets: readonly string[]): RedactedStream | undefined {
  return secrets.length === 0 ? undefined : createRedactor(secrets).stream();
}
