/**
 * Takes the nonce (a sign and hex digits) out of what is shown, wherever a program or a reader makes the shell print it.
 * Holds back only what begins with the sign and a digit of it, so that typing shows at once.
 */
export class HiddenNonce {
  readonly #sign: string;
  readonly #digits: string;
  #held = '';
  /** The last character that was given. */
  #last = '';

  constructor(nonce: string) {
    this.#sign = nonce.slice(0, 1);
    this.#digits = nonce.slice(1);
  }

  write(chunk: string): string {
    const all = this.#held + chunk;
    const keep = this.#beginning(all);
    this.#held = keep === 0 ? '' : all.slice(-keep);
    return this.#give(keep === 0 ? all : all.slice(0, -keep));
  }

  end(): string {
    const rest = this.#held;
    this.#held = '';
    return this.#give(rest);
  }

  #give(text: string): string {
    if (text === '') return text;
    this.#last = text.slice(-1);
    return text.replaceAll(this.#digits, '…');
  }

  /** How many last characters begin the digits, right after the sign. */
  #beginning(all: string): number {
    const sign = all.lastIndexOf(this.#sign);
    const from = sign >= 0 ? sign + 1 : this.#last === this.#sign ? 0 : all.length;
    const rest = all.slice(from);
    return rest !== '' && rest.length < this.#digits.length && this.#digits.startsWith(rest) ? rest.length : 0;
  }
}
