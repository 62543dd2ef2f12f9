import headless from '@xterm/headless';

type Terminal = InstanceType<typeof headless.Terminal>;
type Marker = NonNullable<ReturnType<Terminal['registerMarker']>>;
type Line = NonNullable<ReturnType<Terminal['buffer']['normal']['getLine']>>;
type TabRow = { readonly marker: Marker; readonly columns: Set<number> };

/** More characters than this are not given to the terminal at once, so that no row leaves its history unread. */
const pieceLength = 4096;

/** A terminal's screen that is being drawn on; rows that leave it at the top become final lines. */
export class Screen {
  readonly #terminal: Terminal;
  /** Row, in the history, that was read last; it moves with the history and is never on the screen. */
  #read: Marker | undefined;
  /** Rows after it that were read, too. */
  #ahead = 0;
  /** Rows on which tabs jumped, with the columns from which. */
  #tabs: TabRow[] = [];
  /** The last line that left the screen: the first row on the screen may go on with it. */
  #partial: string | undefined;

  constructor(columns: number, rows: number) {
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
    // Without wrapping, what does not fit would be written over.
    parser.registerCsiHandler({ prefix: '?', final: 'l' }, (parameters) => parameters.includes(7));
    parser.registerCsiHandler({ final: 'I' }, () => {
      this.#noteTab();
      return false;
    });
  }

  /** Draws, and returns the lines that left the screen for good. */
  async write(text: string): Promise<string[]> {
    const lines: string[] = [];
    // The sequence for a tab does what a tab does, and can be noticed.
    const drawn = text.replaceAll('\t', '\x1b[I');
    for (let at = 0; at < drawn.length; at += pieceLength) {
      await new Promise<void>((resolve) => this.#terminal.write(drawn.slice(at, at + pieceLength), resolve));
      this.#readHistory(lines);
    }
    return lines;
  }

  /** The lines on the screen, up to the last one with text or the cursor. */
  lines(): string[] {
    const lines: string[] = [];
    let partial = this.#partial;
    const last = this.#lastRow();
    const tabs = this.#tabColumns();
    for (let row = this.#terminal.buffer.normal.baseY; row <= last; row++)
      partial = this.#join(partial, row, tabs, lines);
    if (partial !== undefined) lines.push(partial);
    return lines;
  }

  /** Nothing that was drawn can be reached any more, and the cursor is at the start of the last row: plain text again. */
  isPlain(): boolean {
    const { buffer, modes, rows } = this.#terminal;
    if (buffer.active.type !== 'normal' || modes.insertMode || modes.originMode || !modes.wraparoundMode) return false;
    return buffer.active.cursorX === 0 && buffer.active.cursorY === rows - 1;
  }

  close(): void {
    this.#terminal.dispose();
  }

  #readHistory(lines: string[]): void {
    const { active, normal } = this.#terminal.buffer;
    const base = normal.baseY;
    const first = (this.#read === undefined ? 0 : this.#read.line + 1) + this.#ahead;
    const tabs = this.#tabColumns();
    for (let row = first; row < base; row++) this.#partial = this.#join(this.#partial, row, tabs, lines);
    this.#tabs = this.#tabs.filter(({ marker }) => marker.line >= base);
    this.#ahead += Math.max(0, base - first);
    // Only the screen that is shown takes a marker; while the alternate one is shown, this one stands still.
    if (base === 0 || active.type !== 'normal') return;
    this.#read?.dispose();
    this.#read = this.#terminal.registerMarker(-normal.cursorY - 1);
    this.#ahead = 0;
  }

  /** Appends a row to the line that it goes on, or begins a line with it. Whether a row goes on may change until it is read. */
  #join(
    partial: string | undefined,
    row: number,
    tabs: ReadonlyMap<number, readonly number[]>,
    lines: string[],
  ): string {
    const line = this.#terminal.buffer.normal.getLine(row);
    const text = line === undefined ? '' : textOf(line, tabs.get(row) ?? []);
    if (partial !== undefined && line?.isWrapped === true) return partial + text;
    if (partial !== undefined) lines.push(partial);
    return text;
  }

  #noteTab(): void {
    const { active, normal } = this.#terminal.buffer;
    if (active.type !== 'normal') return;
    const row = normal.baseY + normal.cursorY;
    let known = this.#tabs.findLast(({ marker }) => marker.line === row);
    if (known === undefined) {
      const marker = this.#terminal.registerMarker(0);
      if (marker === undefined) return;
      known = { marker, columns: new Set() };
      this.#tabs.push(known);
    }
    known.columns.add(normal.cursorX);
  }

  #tabColumns(): ReadonlyMap<number, readonly number[]> {
    return new Map(
      this.#tabs.map(({ marker, columns }) => [marker.line, [...columns].sort((left, right) => left - right)]),
    );
  }

  #lastRow(): number {
    const buffer = this.#terminal.buffer.normal;
    let last = buffer.baseY + this.#terminal.rows - 1;
    const cursor = buffer.baseY + buffer.cursorY;
    while (last > cursor && (buffer.getLine(last)?.translateToString(true) ?? '') === '') last--;
    return last;
  }
}

/** A row's text, with a tab wherever one jumped and nothing was drawn in its place since. */
function textOf(line: Line, tabs: readonly number[]): string {
  let text = '';
  let from = 0;
  for (const column of tabs) {
    const stop = Math.min((Math.floor(column / 8) + 1) * 8, line.length - 1);
    if (column < from || stop <= column || !isUntouched(line, column, stop)) continue;
    text += `${line.translateToString(false, from, column)}\t`;
    from = stop;
  }
  return text + line.translateToString(true, from);
}

function isUntouched(line: Line, from: number, to: number): boolean {
  for (let column = from; column < to; column++) {
    const cell = line.getCell(column);
    if (cell === undefined || cell.getChars() !== '' || cell.getWidth() !== 1) return false;
  }
  return true;
}
