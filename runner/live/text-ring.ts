type Chunk = { readonly at: number; readonly text: string };

/** Small pieces are joined up to this many units, or an eighth of what is kept. */
const joined = 8 * 1024;

/** The end of a text that grows without end; offsets count from its beginning, in UTF-16 units. */
export class TextRing {
  readonly #limit: number;
  #chunks: Chunk[] = [];
  #start: number;
  #end: number;

  constructor(limit: number, at: number) {
    this.#limit = limit;
    this.#start = at;
    this.#end = at;
  }

  /** The first unit that is kept: the beginning of a line where that is possible. */
  get start(): number {
    return this.#start;
  }

  get end(): number {
    return this.#end;
  }

  append(text: string): void {
    if (text === '') return;
    const last = this.#chunks.at(-1);
    if (last !== undefined && last.text.length + text.length <= Math.min(joined, this.#limit / 8)) {
      this.#chunks[this.#chunks.length - 1] = { at: last.at, text: last.text + text };
    } else this.#chunks.push({ at: this.#end, text });
    this.#end += text.length;
    this.#drop();
  }

  /** At most `most` units from an offset on, and no half a character; what is no longer kept is left out. */
  read(from: number, most: number): string {
    let text = '';
    for (let index = this.#indexOf(from); index < this.#chunks.length && text.length < most; index++) {
      const chunk = this.#chunks[index];
      if (chunk === undefined) break;
      text += chunk.text.slice(Math.max(0, from - chunk.at), Math.max(0, from - chunk.at) + most - text.length);
    }
    return /[\ud800-\udbff]$/.test(text) && from + text.length < this.#end ? text.slice(0, -1) : text;
  }

  /** The beginning of the first line at or after an offset; the end of the text when there is none. */
  lineFrom(offset: number): number {
    if (offset <= this.#start) return this.#start;
    for (let index = this.#indexOf(offset - 1); index < this.#chunks.length; index++) {
      const chunk = this.#chunks[index];
      if (chunk === undefined) break;
      const found = chunk.text.indexOf('\n', Math.max(0, offset - 1 - chunk.at));
      if (found >= 0) return chunk.at + found + 1;
    }
    return this.#end;
  }

  /** Index of the chunk that has an offset, or the first one after it. */
  #indexOf(offset: number): number {
    let low = 0;
    let high = this.#chunks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const chunk = this.#chunks[middle];
      if (chunk !== undefined && chunk.at + chunk.text.length <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #drop(): void {
    let count = 0;
    for (const { at } of this.#chunks) {
      if (this.#end - at <= this.#limit) break;
      count++;
    }
    if (count === 0) return;
    const last = this.#chunks.at(-1);
    this.#chunks = this.#chunks.slice(count);
    if (this.#chunks.length === 0 && last !== undefined) {
      // A single piece that is longer than what is kept.
      const cut = Math.max(0, last.text.length - this.#limit);
      this.#chunks = [{ at: last.at + cut, text: last.text.slice(cut) }];
    }
    const first = this.#chunks[0];
    if (first === undefined) return;
    const line = first.text.indexOf('\n') + 1;
    this.#chunks[0] = { at: first.at + line, text: first.text.slice(line) };
    this.#start = first.at + line;
  }
}
