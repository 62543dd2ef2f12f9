import { findMoving, unfinishedTail, withoutSilent } from './plain-text.ts';
import { Screen } from './screen.ts';
import { restoreControls, Sequences } from './sequences.ts';
import type { TerminalSize } from './terminal-size.ts';

/** Terminal output becoming lines of text, as a reader of the terminal sees them at the end. */
export type TerminalText = {
  /** Takes output however it is cut, and returns the lines that cannot change any more. Await before the next call. */
  write(chunk: string): string[] | Promise<string[]>;
  /** The lines that may still change: those on the screen. */
  preview(): string[];
  /** Why a reader would not see all that was printed: part of it was on another screen. */
  trouble(): string | undefined;
  /** The output is over: all lines that are left. A last line without text is none. */
  end(): string[] | Promise<string[]>;
};

/**
 * Renders terminal output to lines. Wrapped lines are joined, colours dropped, tabs stay tabs; a bare `\n` ends a line
 * like `\r\n`; controls that would hide text are text. Plain text is split, with one screenful of lines kept back; from the first
 * sequence that moves the cursor or erases on, a real terminal draws, until two screenfuls of plain lines have passed.
 */
export function createTerminalText(size: TerminalSize): TerminalText {
  return new Rendering(size);
}

class Rendering implements TerminalText {
  readonly #columns: number;
  readonly #rows: number;
  /** Finished lines that a cursor movement could still reach. */
  #held: string[] = [];
  #current = '';
  readonly #sequences = new Sequences();
  /** Carriage returns whose line feed may still come. */
  #carry = '';
  /** The alternate screen was shown: what was on it is nowhere in the lines. */
  #alternate = false;
  #screen: Screen | undefined;
  /** Plain line ends since the last moving sequence, while a screen draws. */
  #plainLines = 0;
  /** A character set or a scroll region was chosen, which plain text knows nothing of. */
  #foreign = false;

  constructor(size: TerminalSize) {
    this.#columns = size.columns;
    this.#rows = size.rows;
  }

  write(chunk: string): string[] | Promise<string[]> {
    const all = this.#carry + this.#sequences.write(chunk);
    const tail = unfinishedTail(all);
    this.#carry = tail === 0 ? '' : all.slice(-tail);
    const text = tail === 0 ? all : all.slice(0, -tail);
    const lines = this.#screen === undefined ? this.#plain(text) : this.#draw(text, []);
    if (!this.#sequences.marked) return lines;
    return lines instanceof Promise ? lines.then(withControls) : withControls(lines);
  }

  preview(): string[] {
    const rest = this.#sequences.rest();
    const lines = this.#screen?.lines() ?? [...this.#held, this.#current];
    // An open sequence hides nothing: as long as its end has not come it is text.
    if (rest !== '') lines.push((lines.pop() ?? '') + rest);
    return withControls(withoutEmptyLast(lines));
  }

  trouble(): string | undefined {
    return this.#alternate ? 'was partly on the alternate screen, which hides what is printed there' : undefined;
  }

  end(): string[] {
    const lines = this.preview();
    this.#screen?.close();
    this.#screen = undefined;
    this.#held = [];
    this.#current = '';
    return lines;
  }

  #plain(text: string): string[] | Promise<string[]> {
    const moving = findMoving(text);
    const lines = this.#append(moving < 0 ? text : text.slice(0, moving));
    if (moving < 0) return lines;
    this.#plainLines = 0;
    const screen = new Screen(this.#columns, this.#rows);
    this.#screen = screen;
    const shown = [...this.#held, this.#current].join('\r\n');
    this.#held = [];
    this.#current = '';
    return screen.write(shown).then((left) => this.#draw(text.slice(moving), [...lines, ...left]));
  }

  #append(text: string): string[] {
    const parts = withoutSilent(text).split('\n');
    const last = parts.length - 1;
    if (last === 0) {
      this.#current += parts[0] ?? '';
      return [];
    }
    parts[0] = this.#current + (parts[0] ?? '');
    this.#current = parts[last] ?? '';
    const held = this.#held;
    for (let index = 0; index < last; index++) held.push(finishedLine(parts[index] ?? ''));
    if (held.length <= this.#rows) return [];
    this.#held = held.slice(-this.#rows);
    held.length -= this.#rows;
    return held;
  }

  /** Draws up to where plain text may begin again; that place depends on the text alone, not on the chunks. */
  async #draw(text: string, lines: string[]): Promise<string[]> {
    const screen = this.#screen;
    if (screen === undefined || text === '') return lines;
    const stop = this.#countPlainLines(text);
    for (const line of await screen.write(stop < 0 ? text : text.slice(0, stop))) lines.push(line);
    if (stop < 0) return lines;
    this.#plainLines = 0;
    if (!screen.isPlain() || this.#foreign) return this.#draw(text.slice(stop), lines);
    this.#held = screen.lines();
    this.#current = this.#held.pop() ?? '';
    screen.close();
    this.#screen = undefined;
    for (const line of await this.#plain(text.slice(stop))) lines.push(line);
    return lines;
  }

  /** Index after the line end with which enough plain lines have come, or -1. */
  #countPlainLines(text: string): number {
    if (foreign.test(text)) this.#foreign = true;
    if (alternate.test(text)) this.#alternate = true;
    let from = 0;
    while (from < text.length) {
      const found = findMoving(text.slice(from));
      const until = found < 0 ? text.length : from + found;
      for (let at = text.indexOf('\n', from); at >= 0 && at < until; at = text.indexOf('\n', at + 1)) {
        if (++this.#plainLines === 2 * this.#rows) return at + 1;
      }
      if (found < 0) break;
      this.#plainLines = 0;
      from = until + 1;
    }
    return -1;
  }
}

// A character set or a scroll region.
const foreign = /\x1b[()*+][^B]|\x1b\[[0-9;]*r/;
const alternate = /\x1b\[\?(?:[0-9;]*;)?(?:47|1047|1049)(?:;[0-9;]*)?h/;

function withControls(lines: string[]): string[] {
  return lines.map(restoreControls);
}

function finishedLine(line: string): string {
  if (line.charCodeAt(line.length - 1) !== 13) return line;
  return line.charCodeAt(line.length - 2) === 13 ? line.replace(/\r+$/, '') : line.slice(0, -1);
}

function withoutEmptyLast(lines: string[]): string[] {
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
