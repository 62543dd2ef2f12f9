import { createMatcher } from '../../core/expectation/matcher.ts';
import type { Diff, Expectation, ExpectedLine, Judgement, Matcher, Part } from '../../core/expectation/model.ts';
import { trimLineEnd } from '../../core/expectation/whitespace.ts';
import { stepTerminal } from '../../core/output/terminal-size.ts';
import { createTerminalText } from '../../core/output/terminal-text.ts';
import { keepOutput } from './kept-output.ts';

/** All that a command's output turned out to be. */
export type ReadOutput = {
  readonly judgement: Judgement | undefined;
  readonly text: string;
  readonly lines: number;
  /** Why it cannot be compared as text. */
  readonly garbage: string | undefined;
};

/** Turns a command's terminal output into lines and compares them as they come. */
export class OutputReader {
  readonly #terminal = createTerminalText(stepTerminal);
  readonly #matcher: Matcher | undefined;
  readonly #kept = keepOutput();
  readonly #written: ReadonlySet<string>;
  #garbage: string | undefined;
  #revision = 0;
  #pending: Promise<void> | undefined;

  constructor(expectation: Expectation | undefined) {
    this.#matcher = expectation && createMatcher(expectation);
    this.#written = expectation?.kind === 'text' ? writtenLines(expectation.lines) : new Set();
  }

  /** Takes a piece of output. A promise means that the terminal needs time: await it before giving more. */
  take(text: string): undefined | Promise<void> {
    this.#revision++;
    // Order is kept: while one piece is being rendered, the next ones queue behind it.
    if (this.#pending) return this.#queue(async () => this.#lines(await this.#terminal.write(text)));
    const lines = this.#terminal.write(text);
    if (lines instanceof Promise) return this.#queue(async () => this.#lines(await lines));
    this.#lines(lines);
    return undefined;
  }

  /** Another number whenever something has come. */
  get revision(): number {
    return this.#revision;
  }

  /** Whether there is anything to compare with. */
  get compares(): boolean {
    return this.#matcher !== undefined;
  }

  /** The last lines so far, at least `units` UTF-16 units if there are as many. */
  last(units: number): string {
    return [...this.#kept.last(units), ...this.#terminal.preview()].join('\n');
  }

  /** The diff so far, lines included that may still change. */
  preview(): Diff | undefined {
    return this.#matcher?.preview(this.#terminal.preview());
  }

  /** Whether the expectation would be met if the output ended here. */
  accepts(): boolean {
    if (this.#matcher === undefined) return true;
    const tail = this.#terminal.preview();
    return (
      this.#garbage === undefined && findGarbage(tail, 0, this.#written) === undefined && this.#matcher.accepts(tail)
    );
  }

  /** Closes the output and judges it. */
  async end(): Promise<ReadOutput> {
    await this.#pending;
    this.#lines(await this.#terminal.end());
    this.#garbage ??= this.#terminal.trouble();
    return {
      judgement: this.#matcher?.end(),
      text: this.#kept.text(),
      lines: this.#kept.count(),
      garbage: this.#garbage,
    };
  }

  #queue(work: () => Promise<void>): Promise<void> {
    const pending = (this.#pending ?? Promise.resolve()).then(work).finally(() => {
      if (this.#pending === pending) this.#pending = undefined;
    });
    this.#pending = pending;
    return pending;
  }

  #lines(lines: readonly string[]): void {
    if (lines.length === 0) return;
    this.#garbage ??= findGarbage(lines, this.#kept.count(), this.#written);
    this.#kept.add(lines);
    this.#matcher?.push(lines);
  }
}

/** Lines that the page has as they are, with characters that it writes by their number, as `accept` does: `{{/\x{2}/}}`. */
function writtenLines(lines: readonly ExpectedLine[]): ReadonlySet<string> {
  const written = new Set<string>();
  for (const { rule } of lines) {
    const texts = rule.kind === 'line' ? rule.parts.map(writtenPart) : [undefined];
    if (!texts.includes(undefined)) written.add(trimLineEnd(texts.join('')));
  }
  return written;
}

function writtenPart(part: Part): string | undefined {
  if (part.kind === 'literal') return part.text;
  if (part.kind !== 'pattern') return undefined;
  const [, code] = /^\\x\{([\da-f]{1,4})\}$/i.exec(part.source) ?? [];
  return code === undefined ? undefined : String.fromCharCode(Number.parseInt(code, 16));
}

/** Why the first line that is no text is none; `before` lines came before these, `written` are the page's own. */
function findGarbage(lines: readonly string[], before: number, written: ReadonlySet<string>): string | undefined {
  for (const [index, line] of lines.entries()) {
    const why = garbageOf(line, written);
    if (why !== undefined) return `line ${before + index + 1} ${why}`;
  }
  return undefined;
}

function garbageOf(line: string, written: ReadonlySet<string>): string | undefined {
  // Sessions give bytes that are not UTF-8 as lone surrogates.
  if (!line.isWellFormed()) return 'is not valid UTF-8 text';
  const control = /[\0-\x08\x0b-\x1f\x7f]/.exec(line)?.[0];
  if (control === undefined) return undefined;
  if (control === '\x1b') return 'has an escape sequence that never ends, by which a terminal would hide what follows';
  // The page says just this, so nothing is hidden.
  if (!line.includes('\x1b') && written.has(trimLineEnd(line))) return undefined;
  const code = control.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return `is not valid text: it has the control character U+${code} in it`;
}
