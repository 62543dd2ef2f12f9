import type { Outcome, Verdict } from '../../core/run/model.ts';
import { isElsewhere, type RunState, verdictOf } from '../../core/run/state.ts';
import type { PreparedStep } from '../executor/prepare.ts';
import type { Lab } from '../labs/lab.ts';
import { LabFileError } from '../labs/lab-error.ts';
import { visitLab } from '../labs/lab-visit.ts';
import { loadLab } from '../labs/load.ts';
import type { RunReport } from '../reporters/report.ts';
import { factsOf, hostsOf, type PlannedRun } from '../runbooks/planned-run.ts';
import { refuseUnknown } from '../runbooks/refuse-unknown.ts';
import { runRunbook } from '../runbooks/run-runbook.ts';
import { variablesOf } from '../runbooks/values.ts';
import { confirmDanger } from './confirm.ts';
import { ExecutionError, exitCodeOf, UsageError } from './exit-code.ts';
import { makePlan, type Plan, type PlanOptions } from './plan.ts';
import { type ProgressView, progressView } from './progress-view.ts';
import { parseReports, runReports, writeReports } from './reports.ts';
import { runsFolder, type Surroundings } from './surroundings.ts';
import { tellError } from './tell-error.ts';

/** Options of `verify`. */
export type VerifyOptions = PlanOptions & {
  readonly reports: readonly string[];
  readonly keep: boolean;
  readonly yes: boolean;
};

/** Runs runbooks and compares; returns the exit code. */
export async function verify(
  names: readonly string[],
  options: VerifyOptions,
  surroundings: Surroundings,
): Promise<number> {
  const reports = parseReports(options.reports);
  const plan = makePlan(surroundings.root, runsFolder(surroundings), names, options, new Date());
  const view = progressView(reports.some(({ path }) => path === undefined));
  if (plan.leftOut.length > 0)
    view.lab(`not written for the lab ${options.lab}: ${plan.leftOut.map(({ id }) => id).join(', ')}`);
  const { states, runs, failure } = await carryOut(plan, { ...options, view }, surroundings);
  // A call that was refused has nothing to report; of any other an older report must not stay for its own.
  if (states.length === 0 && (failure instanceof UsageError || failure instanceof LabFileError)) throw failure;
  const lost = writeReports(reports, runs);
  const verdict = failure === undefined ? overall(plan, states) : 'errored';
  view.summary(runs, verdict);
  if (failure !== undefined) throw failure;
  if (lost.length > 0) throw new ExecutionError(lost.join('\n'));
  if (surroundings.signal.aborted) throw new ExecutionError('stopped; the run log keeps what was done');
  return exitCodeOf(verdict);
}

/** How a plan is carried out. */
export type Conduct = {
  readonly keep: boolean;
  readonly yes: boolean;
  readonly view: ProgressView;
  /** Told of each run as soon as it has ended. */
  readonly onEnd?: (state: PlannedState) => void;
  readonly onMismatch?: (planned: PlannedRun, prepared: PreparedStep, outcome: Outcome) => Outcome;
};

/** One planned run and how far it came. */
export type PlannedState = { readonly planned: PlannedRun; readonly state: RunState };

/** Carries a plan out as far as it goes, and tells all that was planned: what was not reached with the reason, which is `failure`. */
export async function carryOut(
  plan: Plan,
  conduct: Conduct,
  surroundings: Surroundings,
): Promise<{
  readonly states: readonly PlannedState[];
  readonly runs: readonly RunReport[];
  readonly failure: unknown;
}> {
  const { signal } = surroundings;
  const states: PlannedState[] = [];
  let failure: unknown;
  try {
    if (!signal.aborted) await runPlan(plan, { ...conduct, onEnd: (ended) => void states.push(ended) }, surroundings);
  } catch (error) {
    failure = error;
  }
  const stopped = signal.aborted || failure === undefined;
  const problem = stopped ? 'it was stopped before' : tellError(failure).message;
  return { states, runs: runReports(plan.runs, states, { chosen: plan.factsFor, problem }), failure };
}

/** Carries out a plan, lab by lab; rejects where it cannot go on. */
export async function runPlan(plan: Plan, conduct: Conduct, surroundings: Surroundings): Promise<PlannedState[]> {
  const states: PlannedState[] = [];
  const end = (planned: PlannedRun, state: RunState): void => {
    states.push({ planned, state });
    conduct.onEnd?.({ planned, state });
  };
  refuseUnknown(
    surroundings.root,
    plan.runs.filter(({ start }) => start !== 'done'),
  );
  const visits = byLab(plan.runs).map(({ name, runs }) => ({
    lab: loadLab(name, { root: surroundings.root, facts: plan.factsFor(name) }),
    runs,
  }));
  for (const { runbook, start } of plan.runs) {
    if (start !== 'done') variablesOf(runbook, plan.variables, process.env);
  }
  for (const { lab, runs } of visits) {
    if (runs.every(({ start }) => start === 'done')) {
      for (const planned of runs) if (planned.earlier) end(planned, planned.earlier);
      continue;
    }
    const visit = {
      state: surroundings.state,
      keep: conduct.keep,
      progress: conduct.view.lab,
      signal: surroundings.signal,
      onEntered: () => void plan.folder(),
      needed: new Set(runs.filter(({ start }) => start !== 'done').flatMap((planned) => [...hostsOf(planned, lab)])),
    };
    await visitLab(lab, visit, async () => {
      for (const planned of runs) {
        if (surroundings.signal.aborted) return;
        end(planned, await runOne(planned, plan, lab, conduct, surroundings));
      }
    });
  }
  return states;
}

async function runOne(
  planned: PlannedRun,
  plan: Plan,
  lab: Lab,
  conduct: Conduct,
  { signal }: Surroundings,
): Promise<RunState> {
  if (planned.start === 'done' && planned.earlier) return planned.earlier;
  const { runbook } = planned;
  const variables = variablesOf(runbook, plan.variables, process.env);
  if (planned.start === 'anew') await lab.reset(runbook.checkpoint, conduct.view.lab, signal);
  const facts = await factsOf(lab);
  const { onMismatch } = conduct;
  return runRunbook(planned, {
    lab,
    facts,
    variables,
    signal,
    notice: conduct.view.lab,
    logPath: plan.folder().log(runbook.id),
    listener: conduct.view.listener(planned),
    confirm: (step, host, command) => confirmDanger(lab, step, host, command, { yes: conduct.yes, signal }),
    ...(onMismatch && { onMismatch: (prepared, outcome) => onMismatch(planned, prepared, outcome) }),
  });
}

/** The verdict over all runbooks; one that was never reached is not executed, which is no pass; one without steps for its hosts weighs nothing. */
export function overall(plan: Pick<Plan, 'runs'>, states: readonly PlannedState[]): Verdict {
  const verdicts = states.filter(({ state }) => !isElsewhere(state)).map(({ state }) => state.verdict);
  return verdictOf(states.length < plan.runs.length ? [...verdicts, undefined] : verdicts);
}

function byLab(runs: readonly PlannedRun[]): readonly { name: string; runs: readonly PlannedRun[] }[] {
  const names = [...new Set(runs.map(({ lab }) => lab))];
  return names.map((name) => ({ name, runs: runs.filter(({ lab }) => lab === name) }));
}
