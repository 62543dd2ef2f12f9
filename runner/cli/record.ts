import type { RunEvent, Verdict } from '../../core/run/model.ts';
import { verdictOf } from '../../core/run/state.ts';
import type { Facts } from '../../core/runbook/model.ts';
import { hashOf } from '../../core/runbook/step-hash.ts';
import { chooseFacts } from '../labs/lab-facts.ts';
import { loadLab } from '../labs/load.ts';
import { newestWholeRun, runOfBatch } from '../recorder/find-run.ts';
import { runEvents } from '../recorder/run-log.ts';
import { columnsOf, refuseFixed } from './columns.ts';
import { ExecutionError, exitCodeOf, UsageError } from './exit-code.ts';
import { runColumn } from './matrix.ts';
import { makePlan, type Plan } from './plan.ts';
import { type ProgressView, progressView } from './progress-view.ts';
import { type Candidate, publishRun } from './publish-run.ts';
import { runReport } from './reports.ts';
import { runsFolder, type Surroundings } from './surroundings.ts';
import { overall, runPlan } from './verify.ts';

/** Options of `record`. */
export type RecordOptions = {
  readonly lab: string | undefined;
  readonly variables: readonly string[];
  readonly facts: Facts;
  /** All labs of each page, in all that they can be. */
  readonly matrix: boolean;
  readonly keep: boolean;
  readonly yes: boolean;
  /** Records runs too that did not pass. */
  readonly failed: boolean;
  /** Takes the newest whole runs instead of running anything. */
  readonly newest: boolean;
  /** Takes the runs of this batch. */
  readonly fromRun: string | undefined;
};

/** Runs runbooks, or takes runs that were, and writes what is published of them; returns the exit code. */
export async function record(
  names: readonly string[],
  options: RecordOptions,
  surroundings: Surroundings,
): Promise<number> {
  const { root, signal } = surroundings;
  if (options.newest && options.fromRun !== undefined)
    throw new UsageError('--newest and --from-run exclude each other');
  if (options.matrix && options.fromRun !== undefined)
    throw new UsageError('--from-run takes the runs of one lab as it was; say which by --lab and --fact, not --matrix');
  const planned = { ...options, from: undefined, only: undefined, resume: false };
  const columns = options.matrix ? columnsOf(names, planned, surroundings) : undefined;
  const plans = columns?.map(({ plan }) => plan) ?? [
    makePlan(root, runsFolder(surroundings), names, planned, new Date()),
  ];
  const isDone = options.newest || options.fromRun !== undefined;
  if (!isDone && columns) refuseFixed(columns, options.keep);
  const view = progressView(false);
  const verdicts: Verdict[] = [];
  for (const each of plans) {
    const plan = names.length > 0 ? each : withoutTranslations(each);
    const candidates = isDone
      ? earlierRuns(plan, options, root, surroundings)
      : await (options.matrix ? columnRuns : newRuns)(plan, options, view, surroundings);
    for (const candidate of candidates) {
      if (signal.aborted) throw new ExecutionError('stopped; what is not written is as it was');
      verdicts.push(...(await publishRun(candidate, plan.variables, options.failed, root)));
    }
  }
  return exitCodeOf(verdictOf(verdicts));
}

/** Without translations that have the same steps as their original, whose recordings are theirs too. */
function withoutTranslations(plan: Plan): Plan {
  const stepsOf = ({ runbook }: Plan['runs'][number]): string => runbook.steps.map(hashOf).join();
  const originals = new Map(plan.runs.map((run) => [run.runbook.id, stepsOf(run)]));
  const runs = plan.runs.filter((run) => {
    const [, original] = /^[a-z]{2}\/(.+)$/.exec(run.runbook.id) ?? [];
    return original === undefined || originals.get(original) !== stepsOf(run);
  });
  return { ...plan, runs };
}

async function newRuns(
  plan: Plan,
  options: RecordOptions,
  view: ProgressView,
  surroundings: Surroundings,
): Promise<readonly Candidate[]> {
  const states = await runPlan(plan, { keep: options.keep, yes: options.yes, view }, surroundings);
  const reports = states.map(({ planned, state }) => runReport(planned, state));
  view.summary(reports, overall(plan, states));
  if (surroundings.signal.aborted) throw stopped('nothing');
  return states.map(({ planned: { runbook, lab } }) => ({ runbook, lab, events: eventsOf(plan, runbook.id) }));
}

async function columnRuns(
  plan: Plan,
  options: RecordOptions,
  view: ProgressView,
  surroundings: Surroundings,
): Promise<readonly Candidate[]> {
  const { runs } = await runColumn(plan, { keep: options.keep, yes: options.yes, view }, surroundings);
  if (surroundings.signal.aborted) throw stopped('nothing more');
  return plan.runs.map(({ runbook, lab }, index): Candidate => {
    const why = runs[index]?.problem;
    return why === undefined ? { runbook, lab, events: eventsOf(plan, runbook.id) } : { runbook, lab, why };
  });
}

function stopped(what: string): ExecutionError {
  return new ExecutionError(
    `stopped; ${what} was recorded\n    hint: \`tejun record --newest\` takes what had come to its end`,
  );
}

function eventsOf(plan: Plan, runbook: string): Iterable<RunEvent> {
  return runEvents(plan.folder().log(runbook));
}

function earlierRuns(
  plan: Plan,
  { fromRun }: RecordOptions,
  root: string,
  surroundings: Surroundings,
): readonly Candidate[] {
  const runs = runsFolder(surroundings);
  return plan.runs.map(({ runbook, lab }) => {
    const facts = chooseFacts(lab, loadLab(lab, { root }).offered, plan.factsFor(lab));
    const found =
      fromRun === undefined
        ? newestWholeRun(runs, runbook.id, lab, facts)
        : runOfBatch(runs, fromRun, runbook.id, lab, facts);
    return { runbook, lab, ...found };
  });
}
