import type { RunState } from '../../core/run/state.ts';
import { type Facts, fileOf, type Runbook, type Step } from '../../core/runbook/model.ts';
import { hashOf } from '../../core/runbook/step-hash.ts';
import type { Lab } from '../labs/lab.ts';
import { UsageError } from './errors.ts';

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

/** The host of a step: its own, the page's, or the lab's first. */
export function hostOf(
  step: Pick<Step, 'host'>,
  { host }: Pick<Runbook, 'host'>,
  { hosts }: Pick<Lab, 'hosts'>,
): string {
  return step.host ?? host ?? hosts[0] ?? '';
}

/** The hosts on which a run has steps. */
export function hostsOf({ runbook, steps }: Pick<PlannedRun, 'runbook' | 'steps'>, lab: Lab): ReadonlySet<string> {
  return new Set(steps.map((step) => hostOf(step, runbook, lab)));
}

/** The facts of each host that came up. */
export async function factsOf(lab: Lab): Promise<Readonly<Record<string, Facts>>> {
  const facts: Record<string, Facts> = {};
  for (const host of lab.reached()) facts[host] = await lab.facts(host);
  return facts;
}

/** Refuses to resume a page that was edited: it is another runbook, and what it says now was never run, or not in this order. */
export function refuseChanged(runbook: Runbook, earlier: RunState): void {
  const now = runbook.steps.map((step) => ({ id: step.id, hash: hashOf(step), file: step.file, line: step.line }));
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
      `${step ? fileOf(runbook, step) : runbook.file}:${step?.line ?? 1}:1: ${what} since the run that is to be resumed\n    hint: start over without --resume, or go on with --from`,
    );
  }
}

/** The steps of a runbook that `--from` or `--only` mean; all of them without either. */
export function chosenSteps(
  runbook: Runbook,
  { from, only }: { readonly from?: string | undefined; readonly only?: string | undefined },
): readonly Step[] {
  const wanted = from ?? only;
  if (wanted === undefined) return runbook.steps;
  const index = runbook.steps.findIndex(({ id }) => id === wanted);
  if (index < 0) return [];
  return runbook.steps.slice(index, only === undefined ? undefined : index + 1);
}
