import { readlineOff, readlineOn } from './bash-integration.ts';
import { HiddenNonce } from './hidden-nonce.ts';
import type { Mark, Piece } from './marks.ts';
import type { SessionState } from './session-files.ts';
import { createSurrogateDecoder } from './surrogate-text.ts';
import type { TypedCommand } from './typed-commands.ts';

/** Who watches a terminal: gets all that it shows, in order, as a person before it would see it. */
export type TerminalListener = {
  /** Text without our marks and our typing; invalid UTF-8 as lone surrogates. A promise holds all that follows back. */
  output(text: string): void | Promise<void>;
  /** From here on comes the output of a runner's command. */
  began(sequence: number): void;
  ended(sequence: number): void;
  /** The terminal is gone; nothing more comes. */
  gone(why: string): void;
};

/** Turns a terminal's pieces into what a listener is shown. The same spool always gives the same text. */
export class ShownText {
  readonly #listener: TerminalListener;
  readonly #decoder = createSurrogateDecoder();
  readonly #nonce: HiddenNonce;
  /** Commands whose place in the spool has not come yet. */
  readonly #typed: TypedCommand[];
  /** Offset in the spool of what is shown next. */
  #at = 0;
  #hidden: boolean;
  /** What came of a command's hidden echo; undefined when none is on its way. */
  #echo: string | undefined;
  /** The statement whose echo is left out, or whose output is shown. */
  #statement: TypedCommand | undefined;
  /** The line end with which bash interrupts a statement is left out. */
  #lineEnd = '';
  #prompt = '';
  #inPrompt = false;
  /** Something stands behind the prompt: a line that is half typed. */
  #halfTyped = false;
  #units: number;

  constructor(
    listener: TerminalListener,
    typed: readonly TypedCommand[],
    { nonce, shown }: Pick<SessionState, 'nonce' | 'shown'>,
  ) {
    this.#listener = listener;
    this.#typed = [...typed];
    this.#nonce = new HiddenNonce(nonce);
    // A spool that begins with the terminal's beginning begins with setting up the shell.
    this.#hidden = shown === undefined;
    this.#units = shown?.units ?? 0;
  }

  /** UTF-16 units shown since the terminal began. */
  get units(): number {
    return this.#units;
  }

  /** A runner types a command: its echo, from `at` on, is left out and the command shown instead. */
  typed(command: TypedCommand): void {
    this.#typed.push(command);
    void this.#replaceEcho(this.#at);
  }

  /** Takes the next piece; what was shown before, in a spool that is read again, is left out. */
  take(piece: Piece): Promise<void> | undefined {
    if (piece.kind === 'bytes') return this.#bytes(piece.bytes, piece.at);
    if (piece.end <= this.#at) return undefined;
    const told = this.#replaceEcho(piece.at);
    const rest = this.#show(this.#nonce.write(this.#decoder.end()) + this.#nonce.end());
    this.#at = piece.end;
    const first = this.#mark(piece.mark);
    return both(both(told, rest), first);
  }

  /** The spool was emptied. */
  restart(): void {
    this.#at = 0;
  }

  #bytes(bytes: Buffer, at: number): Promise<void> | undefined {
    const fresh = at < this.#at ? bytes.subarray(this.#at - at) : bytes;
    if (fresh.length === 0) return undefined;
    const next = this.#typed[0]?.at ?? Number.POSITIVE_INFINITY;
    if (next > this.#at && next < this.#at + fresh.length) {
      const cut = next - this.#at;
      const first = this.#bytes(fresh.subarray(0, cut), this.#at);
      return both(first, this.#bytes(fresh.subarray(cut), this.#at));
    }
    const told = this.#replaceEcho(this.#at);
    this.#at += fresh.length;
    return both(told, this.#show(this.#nonce.write(this.#decoder.write(fresh))));
  }

  #mark(mark: Mark): Promise<void> | undefined {
    switch (mark.kind) {
      case 'prompt': {
        if (this.#echo !== undefined && !beganNextLine(this.#echo)) return undefined;
        this.#echo = undefined;
        // The prompt before the number of a statement is seen already; the one after it stays unseen.
        if (this.#statement?.look === 'hidden') return undefined;
        const unseen = this.#hidden;
        this.#hidden = false;
        this.#inPrompt = true;
        this.#prompt = '';
        // Readline said so while nobody was to see.
        return unseen ? this.#show(readlineOn) : undefined;
      }
      case 'ready':
        if (this.#echo !== undefined) return undefined;
        if (this.#statement?.look === 'hidden') {
          this.#hidden = false;
          this.#statement = undefined;
        }
        this.#inPrompt = false;
        this.#halfTyped = false;
        return undefined;
      case 'began':
        // A reader's line, or one that only numbers the next.
        if (this.#echo === undefined || this.#statement?.look === 'hidden') return undefined;
        this.#hidden = false;
        this.#echo = undefined;
        if (this.#statement?.index === 0) this.#listener.began(this.#statement.sequence);
        return undefined;
      case 'aborted':
        this.#lineEnd = '\r\n';
        return undefined;
      case 'complete':
      case 'ended':
        if (mark.sequence === this.#statement?.sequence && mark.index === this.#statement.index)
          this.#listener.ended(mark.sequence);
        return undefined;
      case 'hidden':
        return undefined;
    }
  }

  #replaceEcho(at: number): Promise<void> | undefined {
    const command = this.#typed[0];
    if (command === undefined || command.at > at) return undefined;
    this.#typed.shift();
    this.#statement = command;
    // What a reader had begun to type was cleared away, as Ctrl-C would.
    const line = this.#halfTyped ? `^C\r\n${this.#prompt}` : '';
    const text = command.look === 'hidden' ? '' : `${line}${printable(command.command)}\r\n${readlineOff}`;
    const told = this.#show(text);
    this.#hidden = true;
    this.#echo = '';
    return told;
  }

  #withoutLineEnd(text: string): string {
    const whole = text.startsWith(this.#lineEnd.slice(0, text.length));
    const rest = whole ? text.slice(this.#lineEnd.length) : text;
    this.#lineEnd = whole ? this.#lineEnd.slice(text.length) : '';
    return rest;
  }

  #show(text: string): Promise<void> | undefined {
    if (this.#lineEnd !== '') return this.#show(this.#withoutLineEnd(text));
    if (this.#echo !== undefined) {
      this.#echo += text;
      // What the shell has against a line that it refuses comes without a sign of its beginning.
      const from = this.#statement?.look === 'broken' ? this.#echo.indexOf(readlineOff) : -1;
      if (from >= 0) {
        const answer = this.#echo.slice(from + readlineOff.length);
        this.#echo = undefined;
        this.#hidden = false;
        return this.#show(answer.replace(/^\r/, ''));
      }
    }
    if (text === '' || this.#hidden) return undefined;
    if (this.#inPrompt) this.#prompt = (this.#prompt + text).slice(0, 1000);
    else if (text.replace(/\x1b\[[?0-9;]*[a-zA-Z]/g, '') !== '') this.#halfTyped = true;
    this.#units += text.length;
    return this.#listener.output(text) ?? undefined;
  }
}

/**
 * Whether readline has ended the line and begun another. A prompt before that is the same line drawn anew, because the
 * terminal has another size now; readline may do so even when it has ended the line already.
 */
function beganNextLine(echo: string): boolean {
  const end = echo.indexOf(readlineOff);
  return end >= 0 && echo.includes(readlineOn, end);
}

function printable(command: string): string {
  return command.replace(/[\0-\x08\x0b-\x1f\x7f-\x9f]/g, '\ufffd').replaceAll('\n', '\r\n');
}

function both(one: Promise<void> | undefined, other: Promise<void> | undefined): Promise<void> | undefined {
  return one && other ? Promise.all([one, other]).then(() => undefined) : (one ?? other);
}
