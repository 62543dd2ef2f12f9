import { announceKeys, isTypable, type PromptFlags, plainKeys, statementKeys } from './bash-integration.ts';
import type { StepProgress } from './step-progress.ts';

/** What is typed for a step's next statement, and how a reader of the terminal sees it. */
export type NextKeys = {
  readonly keys: string;
  readonly command: string;
  /** `hidden`: it only numbers the line after it. `broken`: bash will refuse it. */
  readonly look?: 'hidden' | 'broken';
};

/**
 * Gives the keys of the statement that is due, and moves the step on. A statement that bash refuses, and each one
 * whose commands are traced, is typed as it is, so that only its own text is seen.
 */
export function nextKeys(progress: StepProgress, flags: PromptFlags): NextKeys {
  const { statement, number, phase } = progress;
  if (statement.kind === 'whole' && !isPlain(statement.texts, flags)) {
    progress.typed();
    return { keys: statementKeys(statement.texts, number, flags), command: statement.shown };
  }
  if (phase !== 'announced') {
    progress.announced();
    return { keys: announceKeys(number), command: '', look: 'hidden' };
  }
  progress.typed();
  const text = statement.kind === 'whole' ? statement.texts.join('\n') : statement.text;
  return {
    keys: plainKeys(text === '' ? nothing : text),
    command: text,
    ...(statement.kind === 'broken' && { look: 'broken' as const }),
  };
}

/** Does nothing, and is not traced. An empty line would have neither beginning nor end. */
const nothing = '{ builtin :; } 2>/dev/null';

/** Whether statements are to be seen as they are. */
function isPlain([text = '', ...more]: readonly string[], { traced, redirected }: PromptFlags): boolean {
  return traced && !redirected && more.length === 0 && isTypable(text);
}
