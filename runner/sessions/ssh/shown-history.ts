import type { TerminalListener } from '../shown-text.ts';

type Event =
  | { readonly kind: 'output'; readonly text: string }
  | { readonly kind: 'began' | 'ended'; readonly sequence: number };

/** Keeps what a terminal has shown, the last part of it, for those who begin to watch later. */
export class ShownHistory implements TerminalListener {
  readonly #limit: number;
  readonly #events: Event[] = [];
  readonly #listeners = new Set<TerminalListener>();
  #units = 0;
  #before = 0;
  #over: string | undefined;

  /** `limit`: UTF-16 units that are kept. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** UTF-16 units that were shown before what is kept. */
  get before(): number {
    return this.#before;
  }

  /** Shows a listener what is kept, and from then on what comes. */
  add(listener: TerminalListener): void {
    for (const event of this.#events) {
      if (event.kind === 'output') void listener.output(event.text);
      else listener[event.kind](event.sequence);
    }
    if (this.#over === undefined) this.#listeners.add(listener);
    else listener.gone(this.#over);
  }

  output(text: string): Promise<void> | undefined {
    const last = this.#events.at(-1);
    // Keys are shown one by one: many small events would cost more than what they say.
    if (last?.kind === 'output' && last.text.length < 4096)
      this.#events[this.#events.length - 1] = { ...last, text: last.text + text };
    else this.#events.push({ kind: 'output', text });
    this.#units += text.length;
    while (this.#units > this.#limit) {
      const first = this.#events.shift();
      if (first?.kind !== 'output') continue;
      this.#units -= first.text.length;
      this.#before += first.text.length;
    }
    const told = [...this.#listeners].flatMap((listener) => listener.output(text) ?? []);
    return told.length === 0 ? undefined : Promise.all(told).then(() => undefined);
  }

  began(sequence: number): void {
    this.#events.push({ kind: 'began', sequence });
    for (const listener of this.#listeners) listener.began(sequence);
  }

  ended(sequence: number): void {
    this.#events.push({ kind: 'ended', sequence });
    for (const listener of this.#listeners) listener.ended(sequence);
  }

  gone(why: string): void {
    if (this.#over !== undefined) return;
    this.#over = why;
    for (const listener of this.#listeners) listener.gone(why);
    this.#listeners.clear();
  }
}
