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
