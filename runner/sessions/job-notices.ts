import type { Statement } from './statements.ts';

/**
 * Takes the shell's notices of jobs out of a step's output: `[1] 4711` when one starts, `[1]+  Done …` whenever the
 * shell happens to notice its end. They come at any time, so they belong to no step.
 */
export class JobNotices {
  #held = '';
  #lineStart = true;

  /** Gives what is no notice. What may become one is held back. */
  write(text: string): string {
    let rest = this.#held + text;
    this.#held = '';
    let given = '';
    while (rest !== '') {
      if (this.#lineStart && rest.startsWith('[')) {
        const end = rest.indexOf('\n');
        if (end < 0 && rest.length < longest && beginning.test(rest)) {
          this.#held = rest;
          return given;
        }
        if (end >= 0 && notice.test(rest.slice(0, end))) {
          rest = rest.slice(end + 1);
          continue;
        }
      }
      const end = rest.indexOf('\n');
      given += end < 0 ? rest : rest.slice(0, end + 1);
      this.#lineStart = end >= 0;
      rest = end < 0 ? '' : rest.slice(end + 1);
    }
    return given;
  }

  /** Gives what was held back. */
  end(): string {
    const rest = this.#held;
    this.#held = '';
    return rest;
  }
}

const longest = 1000;
const beginning = /^\[\d{0,4}(?:\](?: ?\d{0,10}\r?|[-+ ](?: {0,2}| {2}\p{L}[^\n]*))?)?$/u;
/** bash, jobs.c: a job and its pid; a job, the mark of the current one, its state padded to 24 columns, its command. */
const notice = /^\[\d{1,4}\](?: \d{2,10}|[-+ ] {2}(?=\p{L})[^\n]{24,})\r?$/u;

/** Whether a statement starts jobs, by an `&` that is no operator of another kind. */
export function startsJobs(statement: Statement): boolean {
  return statement.kind === 'whole' && /(?:^|[^&<>|])&(?![&>])/.test(statement.texts.join('\n'));
}
