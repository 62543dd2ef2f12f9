/** What a piece of a session's output is: the step's, and, when the step is over, how cmd itself ended. */
export type MarkedPiece = { readonly output: Buffer; readonly ended?: number };

/**
 * Finds the line with which `run.bat` says that a step is over: the session's secret, the step's number, an exit code.
 * What may be the beginning of it is held back until more has come.
 */
export class EndMark {
  readonly #mark: Buffer;
  #held: Buffer = Buffer.alloc(0);

  constructor(secret: string, sequence: number) {
    this.#mark = Buffer.from(`${secret}:${sequence}:`);
  }

  /** The next bytes. After the mark nothing is the step's any more. */
  push(bytes: Buffer): MarkedPiece {
    const all = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    for (let at = all.indexOf(this.#mark); at >= 0; at = all.indexOf(this.#mark, at + 1)) {
      const rest = all.toString('latin1', at + this.#mark.length, at + this.#mark.length + 20);
      const [, code] = /^(-?\d+) *\r?\n/.exec(rest) ?? [];
      if (code !== undefined) return { output: all.subarray(0, at), ended: Number(code) | 0 };
      if (!/^-?\d* *\r?$/.test(rest)) continue;
      this.#held = Buffer.from(all.subarray(at));
      return { output: all.subarray(0, at) };
    }
    const held = this.#beginning(all);
    this.#held = Buffer.from(all.subarray(all.length - held));
    return { output: all.subarray(0, all.length - held) };
  }

  /** What was held back, when nothing more comes. */
  rest(): Buffer {
    const rest = this.#held;
    this.#held = Buffer.alloc(0);
    return rest;
  }

  #beginning(all: Buffer): number {
    for (let length = Math.min(all.length, this.#mark.length - 1); length > 0; length--)
      if (all.subarray(all.length - length).equals(this.#mark.subarray(0, length))) return length;
    return 0;
  }
}
