import { readlineOff, readlineOn } from './bash-integration.ts';
import type { Mark, StatementNumber } from './marks.ts';
import type { Statement } from './statements.ts';

/**
 * Where a statement stands. `due`: to be typed at the next prompt. `announced`: its number is typed, and not itself.
 * `typed`: on its way to the shell.
 */
export type Phase = 'due' | 'announced' | 'typed' | 'running' | 'over';

/** What a mark means for the step: nothing, a statement to type, its end, or a prompt that came without one. */
export type Advance =
  | { readonly kind: 'on' }
  | { readonly kind: 'type' }
  | { readonly kind: 'end'; readonly code: number; readonly refusedLine?: number }
  | { readonly kind: 'lost-prompt' };

const readline = Buffer.from(readlineOn);
const on: Advance = { kind: 'on' };

/** Follows a step through the marks of its statements: which bytes are its output, what is next, how it ends. */
export class StepProgress {
  readonly sequence: number;
  readonly statements: readonly Statement[];
  #index = 0;
  #phase: Phase = 'due';
  /** How many statements an earlier runner has typed already. */
  readonly #typedBefore: number;
  /** A failure that bash tells nobody of. */
  #hidden = 0;
  /** What came after the sign that the output is complete: notices of the shell, unless another sign follows. */
  #held: Buffer[] | undefined;
  /** The line end that bash prints when it interrupts itself is still to come. */
  #lineEnd = false;
  /** What readline prints before it shows the next prompt; it is no output, unless something else follows. */
  #readline: Buffer | undefined;
  /** What came between a broken statement's typing and the prompt. */
  #answer = '';

  constructor(sequence: number, statements: readonly Statement[], typedBefore = 0) {
    this.sequence = sequence;
    this.statements = statements;
    this.#typedBefore = typedBefore;
    if (typedBefore > 0) this.#phase = 'typed';
  }

  get phase(): Phase {
    return this.#phase;
  }

  get number(): StatementNumber {
    return { sequence: this.sequence, index: this.#index };
  }

  get statement(): Statement {
    return this.statements[this.#index] ?? { kind: 'whole', texts: [''], shown: '' };
  }

  announced(): void {
    this.#phase = 'announced';
  }

  typed(): void {
    this.#phase = 'typed';
  }

  /** Gives what is kept back, when nothing more comes. */
  rest(): Buffer | undefined {
    const rest = this.#readline;
    this.#readline = undefined;
    return rest;
  }

  /** Takes what the terminal shows; gives what of it is output. */
  bytes(bytes: Buffer): Buffer | undefined {
    if (this.#phase === 'typed' && this.statement.kind === 'broken') this.#answer += bytes.toString('latin1');
    if (this.#phase !== 'running') return undefined;
    const rest = this.#withoutLineEnd(bytes);
    if (this.#held === undefined) return this.#withoutReadline(rest);
    this.#held.push(Buffer.from(rest));
    return undefined;
  }

  #withoutReadline(bytes: Buffer): Buffer {
    const all = this.#readline === undefined ? bytes : Buffer.concat([this.#readline, bytes]);
    this.#readline = undefined;
    const start = all.lastIndexOf(27);
    if (start < 0 || all.length - start > readline.length) return all;
    if (readline.compare(all, start, all.length, 0, all.length - start) !== 0) return all;
    this.#readline = Buffer.from(all.subarray(start));
    return all.subarray(0, start);
  }

  /** Takes a mark. `output` gets what only now turns out to be output. */
  mark(mark: Mark, output: (bytes: Buffer) => void): Advance {
    if (this.#phase === 'over') return on;
    switch (mark.kind) {
      case 'prompt':
        return on;
      case 'began':
        if (this.#phase === 'typed') this.#begin();
        return on;
      case 'ready':
        return this.#ready(output);
      default:
        if (this.#phase !== 'running' || mark.sequence !== this.sequence || mark.index !== this.#index) return on;
    }
    switch (mark.kind) {
      case 'aborted':
        this.#lineEnd = true;
        return on;
      case 'hidden':
        this.#hidden ||= mark.code;
        return on;
      case 'complete':
        if (this.#readline !== undefined) output(this.#readline);
        this.#readline = undefined;
        for (const bytes of this.#held ?? []) output(bytes);
        this.#held = [];
        return on;
      case 'ended':
        if (this.#readline !== undefined && this.#readline.length < readline.length) output(this.#readline);
        return this.#ended(this.#hidden || mark.code);
    }
  }

  #begin(): void {
    this.#phase = 'running';
    this.#hidden = 0;
    this.#held = undefined;
    this.#readline = undefined;
    this.#lineEnd = false;
  }

  #ended(code: number): Advance {
    if (code !== 0 || this.#index + 1 >= this.statements.length) {
      this.#phase = 'over';
      const { line } = this.statement;
      return { kind: 'end', code, ...(line !== undefined && { refusedLine: line }) };
    }
    this.#index++;
    this.#phase = this.#index < this.#typedBefore ? 'typed' : 'due';
    return on;
  }

  #ready(output: (bytes: Buffer) => void): Advance {
    const { statement } = this;
    if (this.#phase === 'running') return { kind: 'lost-prompt' };
    if (this.#phase === 'due' || this.#phase === 'announced') return { kind: 'type' };
    if (statement.kind !== 'broken') return on;
    // A terminal without bracketed paste (`TERM=dumb`) tells only by its line end that the line was taken.
    const taken = this.#answer.includes(readlineOff) ? `${readlineOff}\r` : '\n';
    const from = this.#answer.indexOf(taken);
    if (from < 0) return on;
    const to = this.#answer.indexOf(readlineOn, from);
    output(Buffer.from(this.#answer.slice(from + taken.length, to < 0 ? undefined : to), 'latin1'));
    this.#phase = 'over';
    return { kind: 'end', code: 2, refusedLine: statement.line };
  }

  #withoutLineEnd(bytes: Buffer): Buffer {
    if (!this.#lineEnd) return bytes;
    const first = bytes[0];
    if (first === 13) {
      if (bytes.length > 1) this.#lineEnd = false;
      return bytes.subarray(bytes[1] === 10 ? 2 : 1);
    }
    this.#lineEnd = false;
    return first === 10 ? bytes.subarray(1) : bytes;
  }
}
