import type { Facts } from '../../core/runbook/model.ts';
import type { Lab } from '../labs/lab.ts';
import { LabError } from '../labs/lab-error.ts';
import { differing, everyChoice } from '../labs/lab-facts.ts';
import { defaultLab, loadLab } from '../labs/load.ts';
import type { RunReport } from '../reporters/report.ts';
import { readRunbooks } from '../runbooks/read-runbooks.ts';
import { variablesOf } from '../runbooks/values.ts';
import { ExecutionError, exitCodeOf, UsageError } from './exit-code.ts';
import { makePlan, type Plan } from './plan.ts';
import { progressView } from './progress-view.ts';
import { parseReports, runReport, unreached, writeReports } from './reports.ts';
import { runsFolder, type Surroundings } from './surroundings.ts';
import { type Conduct, overall, type PlannedState, runPlan, type VerifyOptions } from './verify.ts';

/** One column: a lab as it can be. */
type Column = { readonly plan: Plan; readonly facts: Facts };

/** Runs runbooks on every lab that they are written for, in all that it can be, one after the other; returns the exit code. */
export async function verifyMatrix(
  names: readonly string[],
  options: VerifyOptions,
  surroundings: Surroundings,
): Promise<number> {
  const part = options.from ?? options.only;
  if (options.lab !== undefined || Object.keys(options.facts).length > 0 || part !== undefined || options.resume)
    throw new UsageError(
      '--matrix runs whole pages on all their labs; it does not go with --lab, --fact, --from, --only or --resume',
    );
  const { signal } = surroundings;
  const reports = parseReports(options.reports);
  const columns = columnsOf(names, options, surroundings);
  const view = progressView(reports.some(({ path }) => path === undefined));
  const states: PlannedState[] = [];
  const runs: RunReport[] = [];
  for (const column of columns) {
    if (signal.aborted) break;
    const done = await runColumn(column, { keep: options.keep, yes: options.yes, view }, surroundings);
    states.push(...done.states);
    runs.push(...done.runs);
  }
  writeReports(reports, runs);
  const verdict = overall({ runs: columns.flatMap(({ plan }) => plan.runs) }, states);
  view.summary(runs, verdict);
  view.matrix(runs);
  if (signal.aborted) throw new ExecutionError('stopped; the run log keeps what was done');
  return exitCodeOf(verdict);
}

function columnsOf(names: readonly string[], options: VerifyOptions, surroundings: Surroundings): readonly Column[] {
  const { root } = surroundings;
  const runbooks = readRunbooks(root, names).map(({ file, labs }) => ({
    file,
    labs: labs.length > 0 ? labs : [defaultLab],
  }));
  const labs = [...new Set(runbooks.flatMap((runbook) => runbook.labs))].map((name) => loadLab(name, { root }));
  for (const lab of labs) refuseFixed(lab, options.keep);
  const began = Date.now();
  return labs
    .flatMap((lab) => everyChoice(lab.offered).map((facts) => ({ lab: lab.name, facts })))
    .map(({ lab, facts }, index) => {
      const files = runbooks.filter((runbook) => runbook.labs.includes(lab)).map(({ file }) => file);
      // Run logs lie in folders that are called after their time: each column has one of its own.
      const plan = makePlan(root, runsFolder(surroundings), files, { ...options, lab, facts }, new Date(began + index));
      for (const { runbook } of plan.runs) variablesOf(runbook, plan.variables, process.env);
      return { plan, facts };
    });
}

/** A lab that has to become one thing after the other must be down in between. */
function refuseFixed(lab: Lab, keep: boolean): void {
  const choices = everyChoice(lab.offered);
  if (choices.length > 1 && keep)
    throw new UsageError(`--keep: the lab ${lab.name} comes up anew for each of its facts, so it cannot stay up`);
  const other = lab.instance() !== undefined && choices.some((facts) => differing(lab.chosen(), facts) !== '');
  if (other)
    throw new UsageError(
      `--matrix: the lab ${lab.name} is up, and has to come up anew for each of its facts\n    hint: \`tejun lab down ${lab.name}\` first`,
    );
}

/** Runs one column to its end; that its lab cannot be had is its own failure, and the others' none. */
async function runColumn(
  { plan, facts }: Column,
  conduct: Conduct,
  surroundings: Surroundings,
): Promise<{ readonly states: readonly PlannedState[]; readonly runs: readonly RunReport[] }> {
  const states: PlannedState[] = [];
  let problem = 'it was not reached';
  try {
    await runPlan(plan, { ...conduct, onEnd: (ended) => void states.push(ended) }, surroundings);
  } catch (error) {
    if (!(error instanceof LabError || error instanceof ExecutionError || error instanceof UsageError)) throw error;
    problem = error.message;
    conduct.view.lab(problem);
  }
  const runs = plan.runs.map((planned) => {
    const ended = states.find((state) => state.planned === planned);
    return ended ? runReport(planned, ended.state) : unreached(planned, facts, problem);
  });
  return { states, runs };
}
