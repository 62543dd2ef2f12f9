import type { Verdict } from '../../core/run/model.ts';

/** What the program's exit code says. */
export const exitCode = { passed: 0, failed: 1, usage: 2, errored: 3 } as const;

export { ExecutionError, UsageError } from '../runbooks/errors.ts';

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
