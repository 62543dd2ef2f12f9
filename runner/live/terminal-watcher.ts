import type { ServerMessage } from '../../core/protocol/server-message.ts';
import type { Limits } from './limits.ts';
import type { TerminalLife, TerminalSize } from './terminal-life.ts';

/** Longest output in one message, in UTF-16 units. */
const longestOutput = 32 * 1024;

/** Where a page wants a terminal to go on. */
export type WatchFrom = { readonly terminal: string | undefined; readonly from: number | undefined };

/** One page that looks at a host's terminal: gets no more than a window ahead of what it has drawn. */
export class TerminalWatcher {
  readonly #lab: string;
  readonly #host: string;
  readonly #send: (message: ServerMessage) => void;
  readonly #limits: Limits;
  #life: TerminalLife | undefined;
  #size: TerminalSize = { columns: 80, rows: 24 };
  #sent = 0;
  #drawn = 0;
  /** Whether output waits for this page. One that draws too little loses that until it has caught up. */
  #mayHold = true;
  /** Since when output has been waiting for it, and what it had drawn then. */
  #period: { readonly since: number; readonly drawn: number } | undefined;

  constructor(lab: string, host: string, send: (message: ServerMessage) => void, limits: Limits) {
    this.#lab = lab;
    this.#host = host;
    this.#send = send;
    this.#limits = limits;
  }

  /** Shows a terminal from where the page has it, else from the first that is kept. */
  begin(life: TerminalLife, size: TerminalSize, { terminal, from }: WatchFrom): void {
    const { start, end } = life.text;
    const known = terminal === life.name && from !== undefined && from >= start && from <= end;
    this.#life = life;
    this.#sent = known ? from : start;
    this.#drawn = this.#sent;
    this.#mayHold = true;
    this.#period = undefined;
    this.announce(size);
    this.push();
  }

  /** Tells the page the terminal's size, and where its text goes on. */
  announce(size: TerminalSize): void {
    this.#size = size;
    if (this.#life === undefined) return;
    const place = { lab: this.#lab, host: this.#host, terminal: this.#life.name, offset: this.#sent };
    this.#send({ kind: 'terminal', ...place, columns: size.columns, rows: size.rows });
  }

  /** Sends what there is, as far as the window goes. */
  push(): void {
    const life = this.#life;
    if (life === undefined) return;
    if (this.#sent < life.text.start) this.#skip(life);
    for (;;) {
      const room = this.#drawn + this.#limits.window - this.#sent;
      if (room <= 0 || this.#sent >= life.text.end) return;
      const data = life.text.read(this.#sent, Math.min(room, longestOutput));
      if (data === '') return;
      const place = { lab: this.#lab, host: this.#host, terminal: life.name, offset: this.#sent };
      this.#sent += data.length;
      this.#send({ kind: 'output', ...place, data });
    }
  }

  /** The page has drawn up to an offset. */
  drawn(offset: number): void {
    const life = this.#life;
    if (life === undefined || offset <= this.#drawn || offset > this.#sent) return;
    this.#drawn = offset;
    const { end } = life.text;
    if (this.#drawn === end) {
      this.#mayHold = true;
      this.#period = undefined;
    }
    if (!this.#mayHold && end - this.#sent > this.#limits.window) this.#skip(life);
    this.push();
  }

  /** Leaves out what nobody waited for; goes on near the end. What the page was sent before it need not draw any more. */
  #skip(life: TerminalLife): void {
    // One that sleeps is not told each time: when it draws again, it hears where it is.
    if (this.#sent - this.#drawn >= this.#limits.window) return;
    this.#sent = life.text.lineFrom(life.text.end - this.#limits.window / 4);
    this.#drawn = this.#sent;
    this.announce(this.#size);
  }

  /** Whether output has to wait for this page. */
  holds(now: number): boolean {
    const life = this.#life;
    if (life === undefined || !this.#mayHold || life.text.end - this.#drawn <= this.#limits.window) return false;
    this.#period ??= { since: now, drawn: this.#drawn };
    if (now - this.#period.since < this.#limits.patience) return true;
    this.#mayHold = this.#drawn - this.#period.drawn >= this.#limits.window / 2;
    this.#period = this.#mayHold ? { since: now, drawn: this.#drawn } : undefined;
    return this.#mayHold;
  }

  /** The terminal is gone; another one may begin later. */
  end(why: string): void {
    const life = this.#life;
    if (life === undefined) return;
    // The last words: what a page has not drawn by now it has no use to acknowledge.
    const rest = life.text.read(Math.max(this.#sent, life.text.start), this.#limits.window);
    const place = { lab: this.#lab, host: this.#host, terminal: life.name };
    if (rest !== '' && this.#sent >= life.text.start) {
      this.#send({ kind: 'output', ...place, offset: this.#sent, data: rest });
    }
    this.#life = undefined;
    this.#send({ kind: 'terminal-ended', ...place, why });
  }
}
