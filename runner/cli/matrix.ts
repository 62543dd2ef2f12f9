import { defaultLab } from '../labs/load.ts';
import { readRunbooks } from '../runbooks/read-runbooks.ts';
import { ExecutionError, exitCodeOf, UsageError } from './exit-code.ts';
import { makePlan } from './plan.ts';
import { progressView } from './progress-view.ts';
import { parseReports, runReport, writeReports } from './reports.ts';
import { runsFolder, type Surroundings } from './surroundings.ts';
import { overall, type PlannedState, runPlan, type VerifyOptions } from './verify.ts';

/** Runs runbooks on every lab that they are written for, one lab after the other; returns the exit code. */
export async function verifyMatrix(
  names: readonly string[],
  options: VerifyOptions,
  surroundings: Surroundings,
): Promise<number> {
  const part = options.from ?? options.only;
  if (options.lab !== undefined || part !== undefined || options.resume)
    throw new UsageError(
      '--matrix runs whole pages on all their labs; it does not go with --lab, --from, --only or --resume',
    );
  const { root, signal } = surroundings;
  const reports = parseReports(options.reports);
  const runbooks = readRunbooks(root, names).map(({ file, labs }) => ({
    file,
    labs: labs.length > 0 ? labs : [defaultLab],
  }));
  const view = progressView(reports.some(({ path }) => path === undefined));
  const plans = [...new Set(runbooks.flatMap(({ labs }) => labs))].map((lab) => {
    const files = runbooks.filter(({ labs }) => labs.includes(lab)).map(({ file }) => file);
    return makePlan(root, runsFolder(surroundings), files, { ...options, lab }, new Date());
  });
  const states: PlannedState[] = [];
  for (const plan of plans)
    if (!signal.aborted) states.push(...(await runPlan(plan, { ...options, view }, surroundings)));
  const runs = states.map(({ planned, state }) => runReport(planned, state));
  writeReports(reports, runs);
  const verdict = overall({ runs: plans.flatMap((plan) => plan.runs) }, states);
  view.summary(runs, verdict);
  view.matrix(runs);
  if (signal.aborted) throw new ExecutionError('stopped; the run log keeps what was done');
  return exitCodeOf(verdict);
}
