/** One output line with its 1-based number, without trailing whitespace. */
export type NumberedLine = { readonly line: number; readonly text: string };

const firstLines = 2000;
const lastLines = 1000;
const mostCharacters = 4_000_000;

/** What is kept of an output for the diff of a failure: bounded, whatever the output's length. */
export class LineWindow {
  /** From the output's first line on. */
  readonly first: NumberedLine[] = [];
  /** From the line after the last progress on. */
  afterProgress: NumberedLine[] = [];
  #last: NumberedLine[] = [];
  #firstRoom = mostCharacters;
  #afterRoom = mostCharacters;
  #lastSize = 0;
  count = 0;

  add(text: string): void {
    const numbered = { line: ++this.count, text };
    if (this.first.length < firstLines && this.#firstRoom >= text.length && this.first.length === this.count - 1) {
      this.first.push(numbered);
      this.#firstRoom -= text.length;
    }
    const after = this.afterProgress;
    const follows = after.length === 0 || after.at(-1)?.line === this.count - 1;
    if (after.length < firstLines && this.#afterRoom >= text.length && follows) {
      after.push(numbered);
      this.#afterRoom -= text.length;
    }
    this.#last.push(numbered);
    this.#lastSize += text.length;
    // Dropping in bulk keeps the cost per line constant.
    if (this.#last.length >= 2 * lastLines || this.#lastSize >= 2 * mostCharacters) this.#shrink();
  }

  /** The line just added was progress. */
  progress(): void {
    if (this.afterProgress.length === 0) return;
    this.afterProgress = [];
    this.#afterRoom = mostCharacters;
  }

  /** The last lines that are numbered beyond `line`. */
  lastBeyond(line: number): NumberedLine[] {
    this.#shrink();
    return this.#last.filter((numbered) => numbered.line > line);
  }

  /** A copy that can be added to without changing this one. */
  fork(): LineWindow {
    const copy = new LineWindow();
    copy.first.push(...this.first);
    copy.afterProgress = this.afterProgress.slice();
    copy.#last = this.#last.slice();
    copy.#firstRoom = this.#firstRoom;
    copy.#afterRoom = this.#afterRoom;
    copy.#lastSize = this.#lastSize;
    copy.count = this.count;
    return copy;
  }

  #shrink(): void {
    let start = Math.max(0, this.#last.length - lastLines);
    let size = 0;
    for (let i = this.#last.length - 1; i >= start; i--) {
      size += this.#last[i]?.text.length ?? 0;
      if (size > mostCharacters) start = i + 1;
    }
    this.#lastSize = Math.min(size, this.#lastSize);
    this.#last = this.#last.slice(start);
    this.#lastSize = this.#last.reduce((sum, numbered) => sum + numbered.text.length, 0);
  }
}
