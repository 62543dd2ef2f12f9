import type { Outcome, Verdict } from '../../core/run/model.ts';
import { hostAsChosen, tellPlace } from '../../core/runbook/facts.ts';
import type { Facts } from '../../core/runbook/model.ts';

/** A finished run with all its outcomes: what every reporter draws from. */
export type RunReport = {
  readonly runbook: string;
  readonly file: string;
  readonly title: string;
  readonly lab: string;
  /** Facts by host. */
  readonly facts: Readonly<Record<string, Facts>>;
  /** What of the lab was chosen when it came up, as its PostgreSQL. */
  readonly chosen?: Facts;
  /** ISO 8601, UTC. */
  readonly date: string;
  readonly verdict: Verdict;
  readonly durationMs: number;
  /** Why it was not run, or not to its end, where no step tells. */
  readonly problem?: string;
  /** With the place of each step in its page. */
  readonly outcomes: readonly (Outcome & { readonly line: number; readonly file: string })[];
};

/** Whether a run did not pass although none of its steps says why: the lab failed, or the run was cut off. */
export function isUnexplained({ verdict, outcomes }: RunReport): boolean {
  if (verdict === 'passed' || verdict === 'skipped') return false;
  return outcomes.every((outcome) => outcome.verdict === 'passed' || outcome.verdict === 'skipped');
}

/** What is said of such a run. */
export function endOf({ problem }: RunReport): string {
  return problem ?? 'the run ended before its steps could be judged; its log says why';
}

/** Where a run was: its lab, and what of it was chosen. */
export function placeOf({ lab, chosen = {} }: RunReport): string {
  return tellPlace(lab, chosen);
}

/** A run's name among others: its runbook, and where it was if the runbook was run in several places. */
export function nameOf(run: RunReport, runs: readonly RunReport[]): string {
  return isOneOfSeveral(run, runs) ? `${run.runbook} on ${placeOf(run)}` : run.runbook;
}

/** Whether the run's runbook was run in several places. */
export function isOneOfSeveral(run: RunReport, runs: readonly RunReport[]): boolean {
  return runs.some((other) => other !== run && other.runbook === run.runbook);
}

/** The PostgreSQL that a run was about: that of the hosts that are as was chosen, for others may have programs of their own. */
export function postgresIn({ facts: hosts, chosen = {} }: RunReport): string | undefined {
  const own = hosts[hostAsChosen({ hosts, chosen }, undefined) ?? '']?.pg_version;
  return own ?? Object.values(hosts).find(({ pg_version: version }) => version !== undefined)?.pg_version;
}
