import type { Outcome, Verdict } from '../../core/run/model.ts';
import type { Facts } from '../../core/runbook/model.ts';

/** A finished run with all its outcomes: what every reporter draws from. */
export type RunReport = {
  readonly runbook: string;
  readonly file: string;
  readonly title: string;
  readonly lab: string;
  /** Facts by host. */
  readonly facts: Readonly<Record<string, Facts>>;
  /** ISO 8601, UTC. */
  readonly date: string;
  readonly verdict: Verdict;
  readonly durationMs: number;
  /** With the place of each step in its page. */
  readonly outcomes: readonly (Outcome & { readonly line: number; readonly file: string })[];
};

/** Whether a run did not pass although none of its steps says why: the lab failed, or the run was cut off. */
export function isUnexplained({ verdict, outcomes }: RunReport): boolean {
  if (verdict === 'passed' || verdict === 'skipped') return false;
  return outcomes.every((outcome) => outcome.verdict === 'passed' || outcome.verdict === 'skipped');
}

/** What is said of such a run. */
export const unexplainedEnd = 'the run ended before its steps could be judged; its log says why';
