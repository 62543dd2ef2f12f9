import { stripVTControlCharacters } from 'node:util';

/** The lines at the bottom of a terminal that are drawn anew in place. */
export class LiveArea {
  readonly #stream: NodeJS.WriteStream;
  #drawn = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  /** Draws lines in place of those drawn before, cut to what the terminal can show. */
  draw(lines: readonly string[]): void {
    const { columns = 80, rows = 24 } = this.#stream;
    const fitting = lines.slice(0, Math.max(1, rows - 2)).map((line) => clip(line, columns - 1));
    this.#stream.write(`${this.#up()}\x1b[0J${fitting.map((line) => `${line}\n`).join('')}`);
    this.#drawn = fitting.length;
  }

  /** Takes the lines away. */
  clear(): void {
    if (this.#drawn > 0) this.#stream.write(`${this.#up()}\x1b[0J`);
    this.#drawn = 0;
  }

  #up(): string {
    return this.#drawn > 0 ? `\x1b[${this.#drawn}A\r` : '';
  }
}

/** Long lines lose their colours with their end: a wrapped line would break the counting of lines. */
function clip(line: string, columns: number): string {
  const plain = stripVTControlCharacters(line).replaceAll('\t', ' ');
  let width = 0;
  let end = 0;
  for (const character of plain) {
    // East Asian characters take two columns; taking all that are not Latin for wide only clips earlier.
    width += (character.codePointAt(0) ?? 0) > 0x10ff ? 2 : 1;
    if (width > columns) return plain.slice(0, end);
    end += character.length;
  }
  return line;
}
