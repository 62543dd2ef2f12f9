import { stripVTControlCharacters } from 'node:util';
import { terminalWidth } from '../../core/output/terminal-width.ts';

/** The lines at the bottom of a terminal that are drawn anew in place. */
export class LiveArea {
  readonly #stream: NodeJS.WriteStream;
  /** Widths of the lines that are drawn. */
  #drawn: readonly number[] = [];

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  /** Draws lines in place of those drawn before, cut to what the terminal can show. */
  draw(lines: readonly string[]): void {
    const { columns = 80, rows = 24 } = this.#stream;
    const fitting = lines.slice(0, Math.max(1, rows - 2)).map((line) => clip(line, columns - 1));
    this.#stream.write(`${this.#up()}\x1b[0J${fitting.map(({ text }) => `${text}\n`).join('')}`);
    this.#drawn = fitting.map(({ width }) => width);
  }

  /** Takes the lines away. */
  clear(): void {
    if (this.#drawn.length > 0) this.#stream.write(`${this.#up()}\x1b[0J`);
    this.#drawn = [];
  }

  #up(): string {
    // A terminal that has become narrower since then has wrapped what it shows.
    const { columns = 80 } = this.#stream;
    const rows = this.#drawn.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
    return rows > 0 ? `\x1b[${rows}A\r` : '';
  }
}

/** Long lines lose their colours with their end: a wrapped line would break the counting of lines. */
function clip(line: string, columns: number): { readonly text: string; readonly width: number } {
  const spaced = line.replaceAll('\t', '    ');
  const plain = stripVTControlCharacters(spaced);
  let width = 0;
  let end = 0;
  for (const character of plain) {
    // East Asian characters take two columns; taking all that are not Latin for wide only clips earlier.
    const wide = (character.codePointAt(0) ?? 0) > 0x10ff ? 2 : 1;
    if (width + wide > columns) return { text: plain.slice(0, end), width: terminalWidth(plain.slice(0, end)) };
    width += wide;
    end += character.length;
  }
  return { text: spaced, width: terminalWidth(plain) };
}
