import type { RunReport } from '../reporters/report.ts';
import { columnsOf, refuseFixed } from './columns.ts';
import { ExecutionError, exitCodeOf } from './exit-code.ts';
import type { Plan } from './plan.ts';
import { progressView } from './progress-view.ts';
import { parseReports, writeReports } from './reports.ts';
import type { Surroundings } from './surroundings.ts';
import { tellError } from './tell-error.ts';
import { type Conduct, carryOut, overall, type PlannedState, type VerifyOptions } from './verify.ts';

/** Runs runbooks on every lab that they are written for, in all that it can be, one after the other; returns the exit code. */
export async function verifyMatrix(
  names: readonly string[],
  options: VerifyOptions,
  surroundings: Surroundings,
): Promise<number> {
  const { signal } = surroundings;
  const reports = parseReports(options.reports);
  const columns = columnsOf(names, options, surroundings);
  refuseFixed(columns, options.keep);
  const view = progressView(reports.some(({ path }) => path === undefined));
  const states: PlannedState[] = [];
  const runs: RunReport[] = [];
  for (const { plan } of columns) {
    // Also of a call that is stopped no report may look as if there were nothing else.
    const done = await runColumn(plan, { keep: options.keep, yes: options.yes, view }, surroundings);
    states.push(...done.states);
    runs.push(...done.runs);
  }
  const lost = writeReports(reports, runs);
  const verdict = overall({ runs: columns.flatMap(({ plan }) => plan.runs) }, states);
  view.summary(runs, verdict);
  view.matrix(runs);
  if (lost.length > 0) throw new ExecutionError(lost.join('\n'));
  if (signal.aborted) throw new ExecutionError('stopped; the run log keeps what was done');
  return exitCodeOf(verdict);
}

/** Runs one column to its end; that its lab cannot be had is its own failure, and the others' none. */
export async function runColumn(
  plan: Plan,
  conduct: Conduct,
  surroundings: Surroundings,
): Promise<{ readonly states: readonly PlannedState[]; readonly runs: readonly RunReport[] }> {
  const { failure, ...done } = await carryOut(plan, conduct, surroundings);
  // Whatever it is: the other columns, and the reports of those that ran, must not be lost by it.
  if (failure !== undefined && !surroundings.signal.aborted) conduct.view.lab(tellError(failure).message);
  return done;
}
