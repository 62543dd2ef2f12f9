import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import type { StepView } from '../../../core/protocol/server-message.ts';
import { keepQuiet } from './quiet-parser.ts';
import { splitOutput } from './split-output.ts';
import { linkHandler } from './terminal-links.ts';
import { TerminalMarks } from './terminal-marks.ts';
import { onThemeChange, terminalTheme } from './terminal-theme.ts';

type Listener = {
  keys(data: string): void;
  /** Everything before this offset is drawn. */
  drawn(offset: number): void;
  leave(): void;
  goToStep(step: string): void;
  tip(text: string | undefined): void;
};

/** Lines that can be scrolled back to. */
const scrollback = 5000;

/** One host's terminal as the reader sees it: draws output by its offsets, and lets nothing of it out but what is typed. */
export class TerminalScreen {
  readonly #terminal: Terminal;
  readonly #fit = new FitAddon();
  readonly #marks: TerminalMarks;
  readonly #theme: MutationObserver;
  readonly #listener: Listener;
  readonly #parent: HTMLElement;
  /** Offset up to which output was given to xterm, and up to which it was drawn. */
  #received = 0;
  #drawn = 0;
  #life = 0;
  #frame: number | undefined;
  /** In CSS pixels; known only while the terminal is higher than its pane. */
  #rowHeight: number | undefined;

  constructor(parent: HTMLElement, name: string, listener: Listener) {
    this.#listener = listener;
    this.#parent = parent;
    const style = getComputedStyle(document.documentElement);
    this.#terminal = new Terminal({
      allowProposedApi: true,
      scrollback,
      theme: terminalTheme(),
      minimumContrastRatio: 4.5,
      fontFamily: style.getPropertyValue('--__sl-font-mono') || 'monospace',
      fontSize: Math.round(Number.parseFloat(style.fontSize) * 0.8125),
      disableStdin: true,
      linkHandler: linkHandler(listener.tip),
      // What output asks for is nobody's business but the reader's.
      logLevel: 'off',
    });
    keepQuiet(this.#terminal.parser);
    this.#marks = new TerminalMarks(this.#terminal, listener.goToStep);
    this.#terminal.loadAddon(this.#fit);
    this.#terminal.attachCustomKeyEventHandler((event) => this.#takesKey(event));
    this.#terminal.onData((data) => listener.keys(data));
    this.#terminal.onBinary((data) => listener.keys(data));
    this.#terminal.open(parent);
    this.#terminal.textarea?.setAttribute('aria-label', name);
    const paint = (): void => {
      const theme = terminalTheme();
      this.#terminal.options.theme = theme;
      parent.style.background = theme.background ?? '';
    };
    paint();
    this.#theme = onThemeChange(paint);
  }

  /** Where output goes on; what comes from elsewhere has to begin with `begin`. */
  get received(): number {
    return this.#received;
  }

  /** Everything before this offset is drawn. */
  get drawn(): number {
    return this.#drawn;
  }

  /** Steps whose places are here. */
  get steps(): readonly string[] {
    return this.#marks.steps;
  }

  /** How many columns and rows there is room for; undefined while nothing is laid out. */
  room(): { readonly columns: number; readonly rows: number } | undefined {
    const proposed = this.#fit.proposeDimensions();
    if (proposed === undefined || Number.isNaN(proposed.cols) || Number.isNaN(proposed.rows)) return undefined;
    return { columns: bound(proposed.cols), rows: bound(proposed.rows) };
  }

  /** Looks whether the terminal is higher than its pane. Costs a layout, so not for each output. */
  measure(): void {
    const height = this.#terminal.element?.querySelector('.xterm-screen')?.clientHeight ?? 0;
    this.#rowHeight = this.#parent.clientHeight < height ? height / this.#terminal.rows : undefined;
    this.#follow();
  }

  resize(columns: number, rows: number): void {
    if (columns !== this.#terminal.cols || rows !== this.#terminal.rows) this.#terminal.resize(columns, rows);
    this.measure();
  }

  /** Output goes on at `offset`; that of another terminal on a screen that is cleared. */
  begin(offset: number, clear: boolean): void {
    this.#life++;
    this.#received = offset;
    this.#drawn = offset;
    // In line behind what still waits to be drawn, whatever sequence that breaks off in.
    if (clear) this.#terminal.write('\x18\x1bc', () => this.#marks.clear());
    else this.#terminal.write('\x18');
  }

  setPlaces(places: readonly StepView[]): void {
    if (this.#marks.setPlaces(places)) this.#terminal.write('', () => this.#marks.reached(this.#drawn, this.#drawn));
  }

  /** Draws output that begins at `offset`; what was given before is not drawn again. */
  write(data: string, offset: number): void {
    const known = Math.max(0, this.#received - offset);
    if (known >= data.length) return;
    const life = this.#life;
    const start = offset + known;
    this.#received = offset + data.length;
    for (const piece of splitOutput(data.slice(known), start, this.#marks.cuts)) {
      this.#terminal.write(piece.data, () => {
        if (life !== this.#life) return;
        const before = this.#drawn;
        this.#drawn = piece.end;
        this.#marks.reached(piece.end, before);
        this.#listener.drawn(piece.end);
        this.#follow();
      });
    }
  }

  /** A line of the page's own in the terminal. */
  note(text: string): void {
    this.#terminal.write(`\r\n\x1b[0;2m${text}\x1b[0m\r\n`);
  }

  permitTyping(permitted: boolean): void {
    this.#terminal.options.disableStdin = !permitted;
    this.#terminal.options.cursorInactiveStyle = permitted ? 'outline' : 'none';
  }

  setScreenReader(on: boolean): void {
    this.#terminal.options.screenReaderMode = on;
  }

  showStep(step: string): boolean {
    return this.#marks.show(step);
  }

  focus(): void {
    this.#terminal.focus();
  }

  close(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#theme.disconnect();
    this.#terminal.dispose();
  }

  /** Keeps the cursor in view where the terminal is larger than its pane, unless the reader looks further up. */
  #follow(): void {
    const row = this.#rowHeight;
    if (row === undefined) return;
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      const { active } = this.#terminal.buffer;
      const { clientHeight } = this.#parent;
      if (active.viewportY < active.baseY) return;
      const [top, bottom] = [active.cursorY * row, (active.cursorY + 2) * row];
      if (bottom > this.#parent.scrollTop + clientHeight) this.#parent.scrollTop = bottom - clientHeight;
      else if (top < this.#parent.scrollTop) this.#parent.scrollTop = top;
    });
  }

  #takesKey(event: KeyboardEvent): boolean {
    if (event.key === 'ArrowUp' && event.ctrlKey && event.shiftKey) {
      if (event.type === 'keydown') this.#listener.leave();
      event.preventDefault();
      return false;
    }
    // Where nobody can type, Tab goes on through the page.
    return !(event.key === 'Tab' && this.#terminal.options.disableStdin === true);
  }
}

function bound(count: number): number {
  return Math.min(1000, Math.max(2, Math.floor(count)));
}
