import type { RunState } from '../../core/run/state.ts';
import type { Runbook, Step } from '../../core/runbook/model.ts';
import { hashOf } from '../../core/runbook/step-hash.ts';
import { type Batch, BatchFolder, newestRun } from '../recorder/batch.ts';
import { chooseSteps, type StepChoice } from './choose-steps.ts';
import { UsageError } from './exit-code.ts';
import { readRunbooks } from './runbooks.ts';
import { parseVariables } from './values.ts';

/** One runbook to run: which steps, on which lab, with what an earlier run left. */
export type PlannedRun = {
  readonly runbook: Runbook;
  readonly steps: readonly Step[];
  readonly lab: string;
  /** `anew`: on a lab that was reset; `as-is`: on the lab as it stands (`--from`, `--only`); `resume`: where the run was killed; `done`: nothing left to do. */
  readonly start: 'anew' | 'as-is' | 'resume' | 'done';
  /** The run to go on with, or whose captured values are taken over. */
  readonly earlier: RunState | undefined;
};

/** What one call of `verify` is going to do. */
export type Plan = {
  /** The run logs' folder; a new call's is made when first asked for, so that a refused call hides no killed run from `--resume`. */
  readonly folder: () => BatchFolder;
  readonly runs: readonly PlannedRun[];
  readonly variables: Readonly<Record<string, string>>;
};

/** The options that shape a plan. */
export type PlanOptions = StepChoice & {
  readonly lab: string | undefined;
  readonly variables: readonly string[];
  readonly resume: boolean;
};

const defaultLab = 'linux';

/** Makes the plan of a new call, or takes up the newest one that a killed runner left unfinished. */
export function makePlan(root: string, runs: string, names: readonly string[], options: PlanOptions, now: Date): Plan {
  return options.resume ? resumePlan(root, runs, names, options) : newPlan(root, runs, names, options, now);
}

function newPlan(root: string, runs: string, names: readonly string[], options: PlanOptions, now: Date): Plan {
  const runbooks = readRunbooks(root, names);
  const variables = parseVariables(options.variables, runbooks);
  const chosen = chooseSteps(runbooks, options);
  const partial = options.from ?? options.only;
  const planned = chosen.map(({ runbook, steps }): PlannedRun => {
    const lab = options.lab ?? runbook.lab ?? defaultLab;
    const asIs = partial !== undefined && steps[0]?.id === partial;
    return {
      runbook,
      steps,
      lab,
      start: asIs ? 'as-is' : 'anew',
      earlier: asIs ? newestRun(runs, runbook.id, lab) : undefined,
    };
  });
  const secrets = new Set(runbooks.flatMap((runbook) => runbook.secrets));
  const batch: Batch = {
    version: 1,
    date: now.toISOString(),
    from: options.from,
    only: options.only,
    runbooks: planned.map(({ runbook, lab }) => ({ id: runbook.id, file: runbook.file, lab })),
    variables: Object.fromEntries(Object.entries(variables).filter(([name]) => !secrets.has(name))),
  };
  const name = `${now.toISOString().replace(/[-:]/g, '')}-${process.pid}`;
  let folder: BatchFolder | undefined;
  return { folder: () => (folder ??= BatchFolder.create(runs, name, batch)), runs: planned, variables };
}

function resumePlan(root: string, runs: string, names: readonly string[], options: PlanOptions): Plan {
  if (options.from !== undefined || options.only !== undefined) {
    throw new UsageError('--resume goes on where the run was killed; it does not go with --from or --only');
  }
  const folder = newestBegun(runs);
  if (!folder) throw new UsageError('--resume: there is no earlier run here');
  const { batch } = folder;
  const runbooks = readRunbooks(
    root,
    batch.runbooks.map(({ file }) => file),
  );
  if (names.length > 0) {
    const asked = new Set(readRunbooks(root, names).map(({ id }) => id));
    const strange = [...asked].find((id) => !batch.runbooks.some((entry) => entry.id === id));
    if (strange !== undefined)
      throw new UsageError(
        `--resume: the newest run (of ${batch.date}) was not about ${strange}; start it without --resume`,
      );
  }
  const planned = chooseSteps(runbooks, { from: batch.from, only: batch.only }).map(
    ({ runbook, steps }): PlannedRun => {
      const lab = batch.runbooks.find(({ id }) => id === runbook.id)?.lab ?? defaultLab;
      if (options.lab !== undefined && options.lab !== lab)
        throw new UsageError(`--resume: that run was on the lab ${lab}, not ${options.lab}`);
      const earlier = folder.state(runbook.id);
      if (!earlier) return { runbook, steps, lab, start: 'anew', earlier: undefined };
      refuseChanged(runbook, earlier);
      return { runbook, steps, lab, start: earlier.verdict === undefined ? 'resume' : 'done', earlier };
    },
  );
  if (planned.every(({ start }) => start === 'done')) {
    const failed = planned
      .flatMap(({ earlier }) => earlier?.steps ?? [])
      .find((step) => step.outcome && !['passed', 'skipped'].includes(step.outcome.verdict));
    const advice = failed ? `; step ${failed.id} did not pass: mend the cause and go on with --from ${failed.id}` : '';
    throw new UsageError(`--resume: the newest run (of ${batch.date}) came to its end${advice}`);
  }
  return {
    folder: () => folder,
    runs: planned,
    variables: { ...batch.variables, ...parseVariables(options.variables, runbooks) },
  };
}

/** The newest batch that ran anything; one that was refused before has nothing to resume. */
function newestBegun(runs: string): BatchFolder | undefined {
  for (const folder of BatchFolder.all(runs)) {
    if (folder.batch.runbooks.some(({ id }) => folder.state(id) !== undefined)) return folder;
  }
  return undefined;
}

/** A page that was edited is another runbook: what it says now was never run, or not in this order. */
function refuseChanged(runbook: Runbook, earlier: RunState): void {
  const now = runbook.steps.map((step) => ({ id: step.id, hash: hashOf(step), line: step.line }));
  const before = earlier.steps;
  const at = Math.max(now.length, before.length);
  for (let index = 0; index < at; index++) {
    const [step, was] = [now[index], before[index]];
    if (step && was && step.id === was.id && step.hash === was.hash) continue;
    const what =
      step?.id === was?.id
        ? `step ${step?.id} was edited`
        : `the steps were changed (${was?.id ?? 'nothing'} was where ${step?.id ?? 'nothing'} is)`;
    throw new UsageError(
      `${runbook.file}:${step?.line ?? 1}:1: ${what} since the run that is to be resumed\n    hint: start over without --resume, or go on with --from`,
    );
  }
}
