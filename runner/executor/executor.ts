import type { Diff } from '../../core/expectation/model.ts';
import type { Outcome, RunEvent } from '../../core/run/model.ts';
import { type RunState, reduceRun, verdictOfSteps } from '../../core/run/state.ts';
import type { Facts, Runbook, Step } from '../../core/runbook/model.ts';
import type { Topology } from '../../core/topology/model.ts';
import type { Redactor } from '../recorder/redactor.ts';
import type { Session } from '../sessions/session.ts';
import { BackgroundSteps } from './background.ts';
import { HostSessions } from './host-sessions.ts';
import { observed } from './observed.ts';
import { plainOutcome } from './outcome.ts';
import { keyOf, type Place, shownPlace } from './place.ts';
import { type PreparedStep, prepareStep } from './prepare.ts';
import { runStep } from './step.ts';

/** Everything a run needs; only the command line wires it together. */
export type Execution = {
  readonly runbook: Runbook;
  /** Steps to run, in order; what is left out is neither run nor judged. */
  readonly steps: readonly Step[];
  /** Host of a step that names none. */
  readonly defaultHost: string;
  readonly facts: Readonly<Record<string, Facts>>;
  /** Declared variables with their values, and captures of earlier runs. */
  readonly values: Readonly<Record<string, string>>;
  /** The run so far: only `run-started` for a new one, more for a resumed one. */
  readonly state: RunState;
  readonly openSession: (host: string, name: string) => Promise<Session>;
  /** Databases of steps in SQL that name none, by host; a host that is not there lets no such step run. */
  readonly databases: Readonly<Record<string, string>>;
  readonly openDatabase: (host: string, database: string) => Promise<Session>;
  readonly redactor: Redactor;
  /** Writes an event down. Called before anybody is told of it. */
  readonly record: (event: RunEvent) => void;
  readonly listener: ExecutionListener;
  /** Milliseconds since the run began, monotonic, going on over resumes. */
  readonly clock: () => number;
  readonly signal: AbortSignal;
  /** Asked before a step with `danger`; anything but true skips the step and ends the run, a text says why. */
  readonly confirm: (step: Step, place: string, command: string) => Promise<boolean | string>;
  /** Looks who is what among the lab's database servers, for a step with `topology`; undefined: nobody can. */
  readonly observe?: ((signal: AbortSignal) => Promise<Topology>) | undefined;
  /** A step whose output differs gets a second chance, by which `accept` works; undefined: the verdict stands. */
  readonly onMismatch?: (prepared: PreparedStep, outcome: Outcome) => Outcome;
};

/** Who watches a run: a terminal, a page. */
export type ExecutionListener = {
  event(event: RunEvent): void;
  /** What a running step has printed, when that changed, at most ten times a second. */
  preview(step: string, preview: Preview): void;
};

/** A running step so far, secrets hidden, cut to what can be shown. */
export type Preview = {
  readonly diff: Diff | undefined;
  /** End of the output of a step without an expectation. */
  readonly output: string;
};

/** Runs the steps in order and tells how the run ended; rejects when that could not be written down. The only way by which anything is ever executed. */
export async function execute(given: Execution): Promise<RunState> {
  // What cannot be written down must not go on.
  const halt = new AbortController();
  const execution: Execution = { ...given, signal: AbortSignal.any([given.signal, halt.signal]) };
  let state = execution.state;
  let unrecorded: { readonly error: unknown } | undefined;
  const emit = (event: RunEvent): void => {
    if (unrecorded !== undefined) return;
    try {
      execution.record(event);
    } catch (error) {
      unrecorded = { error };
      halt.abort();
      return;
    }
    state = reduceRun(state, event);
    execution.listener.event(event);
  };
  const sessions = new HostSessions(opener(execution), placesBegun(state));
  const background = new BackgroundSteps(execution, emit);
  // As they really are: in the log secrets are hidden.
  let captures = state.captures;
  let broken: string | undefined;
  // The runner was killed when all had been judged, and it was ending what still ran.
  const isOver = execution.steps.every(({ id }) => state.steps.find((step) => step.id === id)?.outcome !== undefined);

  try {
    for (const step of execution.steps) {
      const known = state.steps.find((candidate) => candidate.id === step.id);
      if (known?.outcome !== undefined && (isOver || !step.background)) {
        // A killed runner had judged it.
        if (known.outcome.verdict !== 'passed' && !known.outcome.elsewhere) broken ??= step.id;
        if (step.background && known.taken) await endSession(execution, known.taken);
        continue;
      }
      const stopped = execution.signal.aborted;
      if ((broken !== undefined || stopped) && !(step.cleanup && !stopped)) {
        if (stopped) break;
        emit(ended(execution, plainOutcome(step, execution, 'skipped', `step ${broken} did not pass`)));
        continue;
      }
      const outcome = await oneStep(step);
      if (outcome.verdict === 'passed') captures = { ...captures, ...outcome.captures };
      else if (!outcome.elsewhere) broken ??= step.id;
    }
  } finally {
    await background.sweep();
    await sessions.close();
  }
  // A run that was stopped has ended, too: its shells are closed, so there is nothing left to resume.
  const verdict = verdictOfSteps(
    state,
    execution.steps.map(({ id }) => id),
  );
  emit({ kind: 'run-ended', at: execution.clock(), verdict });
  if (unrecorded !== undefined) throw unrecorded.error;
  return state;

  async function oneStep(step: Step): Promise<Outcome> {
    const prepared = prepareStep(step, execution, captures);
    if (prepared.kind === 'elsewhere') {
      const outcome = { ...plainOutcome(step, execution, 'skipped', prepared.reason), elsewhere: true } as const;
      emit(ended(execution, outcome));
      return outcome;
    }
    if (prepared.kind === 'impossible') {
      const outcome = plainOutcome(step, execution, 'errored', prepared.reason);
      emit(ended(execution, outcome));
      return outcome;
    }
    const begun = state.steps.find(({ id }) => id === step.id)?.status === 'running';
    const confirmed =
      step.danger === undefined ||
      begun ||
      (await execution.confirm(step, shownPlace(prepared.place), prepared.command));
    if (confirmed !== true) {
      const outcome = plainOutcome(step, execution, 'skipped', confirmed || 'was not confirmed');
      emit(ended(execution, outcome));
      return outcome;
    }
    if (step.background) return background.start(prepared);
    const judged = await runStep(prepared, { execution, sessions, emit, state: () => state });
    const outcome =
      judged.verdict === 'failed' && execution.onMismatch ? execution.onMismatch(prepared, judged) : judged;
    // Looked at before the step's end is told: what comes next must not be in the picture.
    const shown = step.topology ? await observed(outcome, execution) : outcome;
    emit(ended(execution, shown));
    return shown;
  }
}

function ended(execution: Execution, outcome: Outcome): RunEvent {
  return { kind: 'step-ended', at: execution.clock(), outcome: execution.redactor.deep(outcome) };
}

function opener({ openSession, openDatabase }: Execution): (place: Place, name: string) => Promise<Session> {
  return ({ host, database }, name) =>
    database === undefined ? openSession(host, name) : openDatabase(host, database);
}

/** Where an earlier runner has begun: shells have a directory and variables that the next step needs, connections the like. */
function placesBegun(state: RunState): ReadonlySet<string> {
  return new Set(state.steps.flatMap(({ taken }) => (taken ? [keyOf(taken.host, taken.session)] : [])));
}

/** Ends a session of which a killed runner may have ended a part. */
async function endSession(
  { openSession }: Execution,
  { host, session }: { readonly host: string; readonly session: string },
): Promise<void> {
  const opened = await openSession(host, session);
  await opened.close();
}
