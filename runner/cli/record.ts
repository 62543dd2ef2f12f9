import { relative } from 'node:path';
import { createHiding } from '../../core/recording/hide-values.ts';
import { makeRecording } from '../../core/recording/make-recording.ts';
import { stalenessOf } from '../../core/recording/staleness.ts';
import type { RunEvent, Verdict } from '../../core/run/model.ts';
import { emptyRun, isElsewhere, reduceRun, verdictOf } from '../../core/run/state.ts';
import type { Facts, Runbook } from '../../core/runbook/model.ts';
import { hashOf } from '../../core/runbook/step-hash.ts';
import { chooseFacts, tellFacts } from '../labs/lab-facts.ts';
import { loadLab } from '../labs/load.ts';
import { newestWholeRun, runOfBatch } from '../recorder/find-run.ts';
import { type WrittenRecording, writeRecording } from '../recorder/recording-folder.ts';
import { readRunLog } from '../recorder/run-log.ts';
import { colors } from './colors.ts';
import { ExecutionError, exitCodeOf, UsageError } from './exit-code.ts';
import { hiddenValues } from './hidden-values.ts';
import { makePlan, type Plan } from './plan.ts';
import { progressView } from './progress-view.ts';
import { runReport } from './reports.ts';
import { runsFolder, type Surroundings } from './surroundings.ts';
import { overall, runPlan } from './verify.ts';

/** Options of `record`. */
export type RecordOptions = {
  readonly lab: string | undefined;
  readonly variables: readonly string[];
  readonly facts: Facts;
  readonly keep: boolean;
  readonly yes: boolean;
  /** Records runs too that did not pass. */
  readonly failed: boolean;
  /** Takes the newest whole runs instead of running anything. */
  readonly newest: boolean;
  /** Takes the runs of this batch. */
  readonly fromRun: string | undefined;
};

/** A run that can become a recording, or why there is none. */
type Candidate = { readonly runbook: Runbook; readonly lab: string } & (
  | { readonly events: readonly RunEvent[] }
  | { readonly why: string }
);

/** Runs runbooks, or takes runs that were, and writes their recordings; returns the exit code. */
export async function record(
  names: readonly string[],
  options: RecordOptions,
  surroundings: Surroundings,
): Promise<number> {
  const { root, signal } = surroundings;
  if (options.newest && options.fromRun !== undefined)
    throw new UsageError('--newest and --from-run exclude each other');
  const all = makePlan(
    root,
    runsFolder(surroundings),
    names,
    {
      lab: options.lab,
      variables: options.variables,
      facts: options.facts,
      from: undefined,
      only: undefined,
      resume: false,
    },
    new Date(),
  );
  for (const { lab } of all.runs) {
    const strange = otherThanDefault(options.facts, lab, root);
    if (strange !== '') throw new UsageError(`--fact ${strange}: ${recordedAs(lab, root)}`);
  }
  const plan = names.length === 0 ? { ...all, runs: withoutTranslations(all) } : all;
  const isDone = options.newest || options.fromRun !== undefined;
  const candidates = isDone ? earlierRuns(plan, options, surroundings) : await newRuns(plan, options, surroundings);
  const verdicts: Verdict[] = [];
  for (const candidate of candidates) {
    if (signal.aborted) throw new ExecutionError('stopped; the recordings that are not written are as they were');
    verdicts.push(...(await publish(candidate, plan, options.failed, root)));
  }
  return exitCodeOf(verdictOf(verdicts));
}

async function newRuns(plan: Plan, options: RecordOptions, surroundings: Surroundings): Promise<readonly Candidate[]> {
  const view = progressView(false);
  const states = await runPlan(plan, { keep: options.keep, yes: options.yes, view }, surroundings);
  const reports = states.map(({ planned, state }) => runReport(planned, state));
  view.summary(reports, overall(plan, states));
  if (surroundings.signal.aborted)
    throw new ExecutionError(
      'stopped; nothing was recorded\n    hint: `tejun record --newest` takes what had come to its end',
    );
  return states.map(({ planned: { runbook, lab } }) => ({
    runbook,
    lab,
    events: readRunLog(plan.folder().log(runbook.id)).events,
  }));
}

function earlierRuns(plan: Plan, { fromRun }: RecordOptions, surroundings: Surroundings): readonly Candidate[] {
  const runs = runsFolder(surroundings);
  return plan.runs.map(({ runbook, lab }) => {
    const found =
      fromRun === undefined
        ? newestWholeRun(runs, runbook.id, lab, defaultFacts(lab, surroundings.root))
        : runOfBatch(runs, fromRun, runbook.id, lab, defaultFacts(lab, surroundings.root));
    return { runbook, lab, ...found };
  });
}

/** Writes one recording, or tells why it stays as it is. Gives the verdict that the call is to end with for it, if it decides anything. */
async function publish(
  candidate: Candidate,
  plan: Plan,
  alsoFailed: boolean,
  root: string,
): Promise<readonly Verdict[]> {
  const { runbook, lab } = candidate;
  const refuse = (why: string, ...verdict: Verdict[]): readonly Verdict[] => {
    console.log(`${colors.yellow('not recorded')}  ${runbook.id} on ${lab}: ${why}; an older recording stays as it is`);
    return verdict;
  };
  if ('why' in candidate) return refuse(candidate.why, 'errored');
  const { events } = candidate;
  const state = events.reduce(reduceRun, emptyRun);
  if (isElsewhere(state)) return refuse('none of its steps is for this lab');
  const strange = otherThanDefault(state.chosen ?? {}, lab, root);
  if (strange !== '') return refuse(`the run was with ${strange}, and ${recordedAs(lab, root)}`, 'errored');
  const { verdict = 'errored', steps } = state;
  const broken = steps.find(({ outcome }) => outcome?.verdict !== 'passed' && !outcome?.elsewhere);
  const publishable = verdict === 'passed' || (alsoFailed && ['failed', 'timed-out'].includes(verdict));
  if (!publishable) {
    const hint = verdict === 'errored' || verdict === 'skipped' ? '' : ' (--failed records it nevertheless)';
    return refuse(`the run ${verdict} at step ${broken?.id ?? '?'}${hint}`, verdict);
  }
  const made = await makeRecording(
    events,
    createHiding(hiddenValues({ runbook, lab, events, variables: plan.variables, root })),
  );
  if ('problem' in made) return refuse(made.problem, 'errored');
  const written = writeRecording(root, made);
  console.log(`${colors.green('recorded')}      ${describe(written, runbook, root)}`);
  return [verdict];
}

/** A page shows one recording for each lab, so it is always of the same kind of hosts. */
function recordedAs(lab: string, root: string): string {
  return `recordings of ${lab} are made with ${tellFacts(defaultFacts(lab, root)) || 'no fact that could be chosen'}`;
}

function otherThanDefault(facts: Facts, lab: string, root: string): string {
  const usual = defaultFacts(lab, root);
  return tellFacts(Object.fromEntries(Object.entries(facts).filter(([name, value]) => usual[name] !== value)));
}

function defaultFacts(lab: string, root: string): Facts {
  return chooseFacts(lab, loadLab(lab, { root }).offered, {});
}

function describe({ folder, recording, bytes }: WrittenRecording, runbook: Runbook, root: string): string {
  const { counts } = stalenessOf(
    recording,
    runbook.steps.map((step) => ({ id: step.id, hash: hashOf(step) })),
  );
  const casts = Object.keys(recording.casts).length;
  const stale = counts.stale > 0 ? `, ${counts.stale} edited since` : '';
  const what = `${amount(recording.steps.length, 'step')}${stale}, ${amount(casts, 'cast')}, ${Math.ceil(bytes / 1000)} kB`;
  return `${recording.runbook} on ${recording.lab}: ${what} in ${relative(root, folder)}`;
}

/** Without translations that have the same steps as their original, whose recordings are theirs too. */
function withoutTranslations({ runs }: Plan): Plan['runs'] {
  const stepsOf = ({ runbook }: Plan['runs'][number]): string => runbook.steps.map(hashOf).join();
  const originals = new Map(runs.map((run) => [run.runbook.id, stepsOf(run)]));
  return runs.filter((run) => {
    const [, original] = /^[a-z]{2}\/(.+)$/.exec(run.runbook.id) ?? [];
    return original === undefined || originals.get(original) !== stepsOf(run);
  });
}

function amount(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
