import type { Facts } from '../runbook/model.ts';
import type { Outcome, RunEvent, Verdict } from './model.ts';

/** One step within a run. `taken` tells where its command runs or ran, so that it can be taken up again. */
export type StepState = {
  readonly id: string;
  /** SHA-256 of the step's source when the run began. */
  readonly hash: string;
  readonly status: 'idle' | 'running' | 'done';
  readonly outcome: Outcome | undefined;
  readonly taken:
    | {
        readonly host: string;
        readonly session: string;
        readonly sequence: number;
        readonly attempt: number;
        readonly at: number;
      }
    | undefined;
};

/** What is known of a run: the fold of its events. */
export type RunState = {
  readonly run: string;
  readonly runbook: string;
  readonly file: string;
  readonly title: string;
  readonly lab: string;
  readonly instance: string;
  /** ISO 8601, UTC. */
  readonly date: string;
  readonly facts: Readonly<Record<string, Facts>>;
  /** What of the lab was chosen when it came up; empty: it offers nothing. */
  readonly chosen?: Facts;
  readonly steps: readonly StepState[];
  readonly captures: Readonly<Record<string, string>>;
  /** Undefined while the run goes on, and for ever if its runner was killed. */
  readonly verdict: Verdict | undefined;
  /** Milliseconds since the run began, of the newest event. */
  readonly at: number;
};

/** A run before its first event. */
export const emptyRun: RunState = {
  run: '',
  runbook: '',
  file: '',
  title: '',
  lab: '',
  instance: '',
  date: '',
  facts: {},
  steps: [],
  captures: {},
  verdict: undefined,
  at: 0,
};

/** Folds all events of a run. */
export function reduceEvents(events: Iterable<RunEvent>): RunState {
  let state = emptyRun;
  for (const event of events) state = reduceRun(state, event);
  return state;
}

/** Folds one event into a run. Pure: the same events always give the same state. */
export function reduceRun(state: RunState, event: RunEvent): RunState {
  const next = { ...state, at: Math.max(state.at, event.at) };
  switch (event.kind) {
    case 'run-started': {
      const { run, runbook, file, title, lab, instance, date, facts } = event;
      const steps = event.steps.map(
        (step): StepState => ({ ...step, status: 'idle', outcome: undefined, taken: undefined }),
      );
      return {
        ...next,
        run,
        runbook,
        file,
        title,
        lab,
        instance,
        date,
        facts,
        ...(event.chosen && { chosen: event.chosen }),
        steps,
        captures: event.captures ?? {},
        verdict: undefined,
      };
    }
    case 'run-resumed':
      return { ...next, verdict: undefined };
    case 'step-started': {
      const { host, session, sequence, attempt, at } = event;
      // The step's clock starts with its first attempt.
      return withStep(next, event.step, (step) => ({
        ...step,
        status: 'running',
        outcome: undefined,
        taken: { host, session, sequence, attempt, at: attempt > 1 ? (step.taken?.at ?? at) : at },
      }));
    }
    case 'step-ended': {
      const { outcome } = event;
      const done = withStep(next, outcome.step, (step) => ({ ...step, status: 'done', outcome }));
      return outcome.verdict === 'passed' ? { ...done, captures: { ...done.captures, ...outcome.captures } } : done;
    }
    case 'run-ended':
      return { ...next, verdict: event.verdict };
    case 'output':
    case 'step-taken-up':
      return next;
  }
}

/** The verdict of a whole: what could not be executed outweighs what did not match, and what was left undone is no pass. */
export function verdictOf(verdicts: readonly (Verdict | undefined)[]): Verdict {
  if (verdicts.includes('errored') || verdicts.includes(undefined)) return 'errored';
  if (verdicts.includes('failed')) return 'failed';
  if (verdicts.includes('timed-out')) return 'timed-out';
  return verdicts.includes('skipped') || verdicts.length === 0 ? 'skipped' : 'passed';
}

/**
 * The verdict of some steps of a run. Those that are not for their hosts decide nothing, and where there are no others,
 * nothing was shown. One without an outcome was never executed, which is no pass.
 */
export function verdictOfSteps({ steps }: RunState, ids: readonly string[]): Verdict {
  const outcomes = ids.map((id) => steps.find((step) => step.id === id)?.outcome);
  return verdictOf(outcomes.filter((outcome) => !outcome?.elsewhere).map((outcome) => outcome?.verdict));
}

/** Whether a run came to its end, and none of its steps was for its host. */
export function isElsewhere({ verdict, steps }: RunState): boolean {
  const ended = steps.flatMap(({ outcome }) => outcome ?? []);
  return verdict === 'skipped' && ended.length > 0 && ended.every(({ elsewhere }) => elsewhere);
}

function withStep(state: RunState, id: string, change: (step: StepState) => StepState): RunState {
  const index = state.steps.findIndex((step) => step.id === id);
  const step = state.steps[index];
  return step ? { ...state, steps: state.steps.with(index, change(step)) } : state;
}
