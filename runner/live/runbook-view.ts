import type { RunView, StepView } from '../../core/protocol/server-message.ts';
import type { RunEvent, Verdict } from '../../core/run/model.ts';
import type { RunState } from '../../core/run/state.ts';
import type { Runbook } from '../../core/runbook/model.ts';
import { hashOf } from '../../core/runbook/step-hash.ts';
import type { Preview } from '../executor/executor.ts';
import { shownCommand, shownOutcome, wellFormed } from './shown-outcome.ts';
import { idleRecord, type StepRecord, type StepTrace, stepView } from './step-record.ts';

/** Finds a step's place in its host's terminal. */
export type FindPlace = (host: string, trace: StepTrace) => StepView['place'];

/** A runbook on one life of a lab: the newest that is known of each step, and of its runs. */
export class RunbookView {
  readonly runbook: Runbook;
  readonly lab: string;
  readonly #defaultHost: string;
  readonly #place: FindPlace;
  readonly #steps = new Map<string, StepRecord>();
  #status: RunView['status'] = 'idle';
  #detail: string | undefined;
  #verdict: Verdict | undefined;
  #interrupted: string | undefined;
  #captures: Readonly<Record<string, string>> = {};
  /** When the run that goes on began: in milliseconds since this program did, and of the clock. */
  #clock = 0;
  #date = 0;

  constructor(runbook: Runbook, lab: string, defaultHost: string, place: FindPlace) {
    this.runbook = runbook;
    this.lab = lab;
    this.#defaultHost = runbook.host ?? defaultHost;
    this.#place = place;
    for (const step of runbook.steps) {
      this.#steps.set(step.id, idleRecord(step.id, hashOf(step), step.host ?? this.#defaultHost));
    }
  }

  get run(): RunView {
    return {
      runbook: this.runbook.id,
      lab: this.lab,
      status: this.#status,
      detail: this.#detail,
      verdict: this.#verdict,
      interrupted: this.#interrupted,
      captures: this.#captures,
    };
  }

  get steps(): readonly StepView[] {
    return [...this.#steps.values()].map((record) => this.#shown(record));
  }

  step(id: string): StepView | undefined {
    const record = this.#steps.get(id);
    return record && this.#shown(record);
  }

  /** Steps whose command has this number in a host's terminal; without a number: all that ran there. */
  stepsAt(host: string, sequence: number | undefined): readonly string[] {
    return [...this.#steps.values()]
      .filter(({ host: on, trace }) => on === host && trace && (sequence ?? trace.sequence) === trace.sequence)
      .map(({ step }) => step);
  }

  /** Takes in what an earlier run left; newer ones come later. `steps`: those it was about. */
  remember(state: RunState, steps: readonly string[]): void {
    for (const step of state.steps) {
      const known = this.#steps.get(step.id);
      const { taken, outcome } = step;
      if (known === undefined || (taken === undefined && outcome === undefined)) continue;
      const trace = taken && {
        session: taken.session,
        sequence: taken.sequence,
        since: Date.parse(state.date) + taken.at,
      };
      const begun = {
        ...idleRecord(step.id, step.hash, taken?.host ?? known.host),
        attempt: taken?.attempt ?? 0,
        trace,
      };
      this.#steps.set(step.id, outcome ? { ...begun, ...ended(outcome) } : begun);
    }
    this.#verdict = state.verdict;
    this.#captures = shownCaptures({ ...this.#captures, ...state.captures });
    const open = state.steps.filter(({ id, outcome }) => steps.includes(id) && outcome === undefined);
    const at = open.find(({ status }) => status === 'running') ?? open[0];
    this.#interrupted = state.verdict === undefined ? (at?.id ?? steps.at(-1)) : undefined;
  }

  /** A run is being prepared. */
  prepare(detail: string | undefined): void {
    this.#status = 'preparing';
    this.#detail = detail;
  }

  /** A run begins that is about these steps. */
  begin(steps: readonly string[]): void {
    this.#status = 'running';
    this.#detail = undefined;
    this.#verdict = undefined;
    this.#interrupted = undefined;
    for (const id of steps) {
      const step = this.runbook.steps.find((each) => each.id === id);
      if (step === undefined) continue;
      this.#steps.set(id, { ...idleRecord(id, hashOf(step), step.host ?? this.#defaultHost), status: 'queued' });
    }
  }

  /** What a resumed run has done before is no longer queued. */
  keepDone(state: RunState): void {
    for (const { id, outcome } of state.steps) {
      const record = this.#steps.get(id);
      if (record && outcome?.verdict === 'passed') this.#steps.set(id, { ...record, ...ended(outcome) });
    }
  }

  /** The run is over, however it came: what still waits is idle. Gives the steps that changed. */
  end(): readonly string[] {
    this.#status = 'idle';
    this.#detail = undefined;
    const left = [...this.#steps.values()].filter(({ status }) => status === 'queued' || status === 'running');
    for (const record of left) this.#steps.set(record.step, idleRecord(record.step, record.hash, record.host));
    return left.map(({ step }) => step);
  }

  /** Takes in an event; gives the step that changed. */
  event(event: RunEvent, taken: (step: string) => { readonly at: number } | undefined): string | undefined {
    switch (event.kind) {
      case 'run-started':
        this.#date = Date.parse(event.date);
        this.#clock = performance.now() - event.at;
        this.#captures = shownCaptures({ ...this.#captures, ...event.captures });
        return undefined;
      case 'run-resumed':
        this.#date = Date.parse(event.date) - event.at;
        this.#clock = performance.now() - event.at;
        return undefined;
      case 'step-started':
        return this.#change(event.step, (record) => ({
          ...record,
          status: 'running',
          host: event.host,
          command: wellFormed(shownCommand(event.command)),
          attempt: event.attempt,
          began: event.attempt > 1 ? (record.began ?? this.#clock + event.at) : this.#clock + event.at,
          // What an attempt before has printed is not this one's.
          diff: undefined,
          output: '',
          outcome: undefined,
          trace: { session: event.session, sequence: event.sequence, since: this.#date + event.at },
        }));
      case 'step-taken-up':
        return this.#change(event.step, (record) => ({
          ...record,
          status: 'running',
          began: this.#clock + (taken(event.step)?.at ?? event.at),
        }));
      case 'step-ended': {
        const { outcome } = event;
        if (outcome.verdict === 'passed') {
          this.#captures = shownCaptures({ ...this.#captures, ...outcome.captures });
        }
        return this.#change(outcome.step, (record) => ({ ...record, ...ended(outcome) }));
      }
      case 'run-ended':
        this.#verdict = event.verdict;
        return undefined;
      case 'output':
        return undefined;
    }
  }

  preview(step: string, { diff, output }: Preview): void {
    this.#change(step, (record) => ({ ...record, diff: wellFormed(diff), output: output.toWellFormed() }));
  }

  #change(id: string, change: (record: StepRecord) => StepRecord): string | undefined {
    const record = this.#steps.get(id);
    if (record === undefined) return undefined;
    this.#steps.set(id, change(record));
    return id;
  }

  #shown(record: StepRecord): StepView {
    const { trace, host } = record;
    return stepView(record, trace?.session === 'steps' ? this.#place(host, trace) : undefined);
  }
}

function ended(full: StepRecord['outcome'] & object): Partial<StepRecord> {
  const { outcome, diff } = shownOutcome(full);
  return {
    status: 'done',
    host: outcome.host,
    command: outcome.command,
    attempt: outcome.attempts,
    began: undefined,
    elapsedMs: outcome.durationMs,
    diff,
    output: diff === undefined ? outcome.output : '',
    outcome,
  };
}

function shownCaptures(captures: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(captures).map(([name, value]) => [name, value.slice(0, 2000).toWellFormed()]),
  );
}
