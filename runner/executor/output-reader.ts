import { createMatcher } from '../../core/expectation/matcher.ts';
import type { Diff, Expectation, Judgement, Matcher } from '../../core/expectation/model.ts';
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

/** Control characters that move no cursor and end no line. */
const swallowed = /[\0-\x06\x0e-\x17\x19\x1c-\x1f\x7f]/;

function notText(line: number): string {
  return `line ${line} is not valid UTF-8 text`;
}

/** Turns a command's terminal output into lines and compares them as they come. */
export class OutputReader {
  readonly #terminal = createTerminalText({ columns: 120, rows: 30 });
  readonly #matcher: Matcher | undefined;
  readonly #kept = keepOutput();
  #garbage: string | undefined;
  #revision = 0;
  #pending: Promise<void> | undefined;

  constructor(expectation: Expectation | undefined) {
    this.#matcher = expectation && createMatcher(expectation);
  }

  /** Takes a piece of output. A promise means that the terminal needs time: await it before giving more. */
  take(text: string): undefined | Promise<void> {
    this.#revision++;
    // A terminal swallows these without a trace, so they have to be seen here.
    if (this.#garbage === undefined && swallowed.test(text)) this.#garbage = notText(this.#kept.count() + 1);
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
    return this.#matcher?.accepts(this.#terminal.preview()) ?? true;
  }

  /** Closes the output and judges it. */
  async end(): Promise<ReadOutput> {
    await this.#pending;
    this.#garbage ??= this.#terminal.trouble();
    this.#lines(await this.#terminal.end());
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
    if (this.#garbage === undefined) this.#findGarbage(lines);
    this.#kept.add(lines);
    this.#matcher?.push(lines);
  }

  #findGarbage(lines: readonly string[]): void {
    // Sessions give bytes that are not UTF-8 as lone surrogates.
    const index = lines.findIndex((line) => !line.isWellFormed());
    if (index >= 0) this.#garbage = notText(this.#kept.count() + index + 1);
  }
}
