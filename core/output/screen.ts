import headless from '@xterm/headless';

type Terminal = InstanceType<typeof headless.Terminal>;

/** More characters than this are not given to the terminal at once, so that no row leaves its history unread. */
const pieceLength = 4096;

/** A terminal's screen that is being drawn on; rows that leave it at the top become final lines. */
export class Screen {
  readonly #terminal: Terminal;
  readonly #columns: number;
  /** Row, in the history, that was read last; it moves with the history and is never on the screen. */
  #read: ReturnType<Terminal['registerMarker']>;
  /** Beginning of a wrapped line whose end is still on the screen. */
  #partial: string;

  constructor(columns: number, rows: number, partial = '') {
    this.#columns = columns;
    this.#partial = partial;
    this.#terminal = new headless.Terminal({
      cols: columns,
      rows,
      scrollback: 4 * pieceLength,
      convertEol: true,
      allowProposedApi: true,
      logLevel: 'off',
    });
    // Erasing the history or resetting the terminal takes nothing back that had left the screen.
    const parser = this.#terminal.parser;
    parser.registerCsiHandler({ final: 'J' }, (parameters) => parameters[0] === 3);
    parser.registerEscHandler({ final: 'c' }, () => true);
  }

  /** Draws, and returns the lines that left the screen for good. */
  async write(text: string): Promise<string[]> {
    const lines: string[] = [];
    for (let at = 0; at < text.length; at += pieceLength) {
      await new Promise<void>((resolve) => this.#terminal.write(text.slice(at, at + pieceLength), resolve));
      this.#readHistory(lines);
    }
    return lines;
  }

  /** The lines on the screen, up to the last one with text or the cursor. */
  lines(): string[] {
    const buffer = this.#terminal.buffer.normal;
    const lines: string[] = [];
    let partial = this.#partial;
    const last = this.#lastRow();
    for (let row = buffer.baseY; row <= last; row++) {
      partial += this.#row(row);
      if (this.#continues(row) && row < last) continue;
      lines.push(partial);
      partial = '';
    }
    if (partial !== '') lines.push(partial);
    return lines;
  }

  /** Nothing that was drawn can be reached any more, and the cursor is at the start of the last row: plain text again. */
  isPlain(): boolean {
    const { buffer, modes, rows } = this.#terminal;
    if (buffer.active.type !== 'normal' || modes.insertMode || modes.originMode || !modes.wraparoundMode) return false;
    return buffer.active.cursorX === 0 && buffer.active.cursorY === rows - 1;
  }

  /** Rows that have left the screen so far and are still known; grows only when text scrolls. */
  scrolled(): number {
    return this.#terminal.buffer.normal.baseY;
  }

  close(): void {
    this.#terminal.dispose();
  }

  #readHistory(lines: string[]): void {
    const buffer = this.#terminal.buffer;
    // The other screen has no history, and while it is shown this one stands still.
    if (buffer.active.type !== 'normal') return;
    const base = buffer.normal.baseY;
    for (let row = this.#read === undefined ? 0 : this.#read.line + 1; row < base; row++) {
      this.#partial += this.#row(row);
      if (this.#continues(row)) continue;
      lines.push(this.#partial);
      this.#partial = '';
    }
    if (base > 0) {
      this.#read?.dispose();
      this.#read = this.#terminal.registerMarker(-buffer.normal.cursorY - 1);
    }
  }

  #continues(row: number): boolean {
    return this.#terminal.buffer.normal.getLine(row + 1)?.isWrapped === true;
  }

  #row(row: number): string {
    const line = this.#terminal.buffer.normal.getLine(row);
    if (line === undefined) return '';
    if (!this.#continues(row)) return line.translateToString(true);
    // A wide character that did not fit leaves the last column empty.
    const empty = line.getCell(this.#columns - 1)?.getChars() === '' && line.getCell(this.#columns - 2)?.getWidth() !== 2;
    return line.translateToString(false, 0, empty ? this.#columns - 1 : this.#columns);
  }

  #lastRow(): number {
    const buffer = this.#terminal.buffer.normal;
    let last = buffer.baseY + this.#terminal.rows - 1;
    const cursor = buffer.baseY + buffer.cursorY;
    while (last > cursor && (buffer.getLine(last)?.translateToString(true) ?? '') === '') last--;
    return last;
  }
}
