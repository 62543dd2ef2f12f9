import type { Verdict } from '../../core/run/model.ts';

/** What the program's exit code says. */
export const exitCode = { passed: 0, failed: 1, usage: 2, errored: 3 } as const;

/** A mistake in the command line or in a document: ends the program with 2, its message on standard error. */
export class UsageError extends Error {}

/** Something that could not be executed: ends the program with 3, its message on standard error. */
export class ExecutionError extends Error {}

/** The exit code of a whole call. */
export function exitCodeOf(verdict: Verdict): number {
  switch (verdict) {
    case 'passed':
      return exitCode.passed;
    case 'failed':
    case 'timed-out':
      return exitCode.failed;
    // A run in which everything was skipped has shown nothing.
    case 'skipped':
    case 'errored':
      return exitCode.errored;
  }
}
