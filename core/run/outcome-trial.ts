import type { Outcome } from './model.ts';

// What tests share.

/** The outcome of a step that passed without a word, but for what is said. */
export function trialOutcome(change: Partial<Outcome> & Pick<Outcome, 'step'>): Outcome {
  return {
    host: 'postgres1',
    command: 'true',
    verdict: 'passed',
    reason: undefined,
    end: { kind: 'exited', code: 0 },
    diff: undefined,
    output: '',
    outputLines: 0,
    captures: {},
    durationMs: 12,
    attempts: 1,
    hints: [],
    ...change,
  };
}
