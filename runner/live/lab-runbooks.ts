import type { ServerMessage } from '../../core/protocol/server-message.ts';
import type { RunEvent } from '../../core/run/model.ts';
import type { RunState } from '../../core/run/state.ts';
import type { Runbook } from '../../core/runbook/model.ts';
import { hashOf } from '../../core/runbook/step-hash.ts';
import type { Preview } from '../executor/executor.ts';
import type { Lab } from '../labs/lab.ts';
import type { BatchFolder } from '../recorder/batch.ts';
import { chosenSteps } from '../runbooks/planned-run.ts';
import { readPage } from '../runbooks/read-page.ts';
import { secretValues, variablesOf } from '../runbooks/values.ts';
import { RunHistory } from './run-history.ts';
import { type FindPlace, RunbookView } from './runbook-view.ts';

/** What the runbooks of a lab need of the house. */
export type LabRunbooksOptions = {
  readonly root: string;
  readonly runs: string;
  readonly lab: Lab;
  readonly place: FindPlace;
  /** Tells the pages of a runbook on this lab. */
  readonly tell: (runbook: string, message: ServerMessage) => void;
};

/** What is known of the runbooks on a lab, for its present life. Tells pages of each change. */
export class LabRunbooks {
  readonly #options: LabRunbooksOptions;
  readonly #views = new Map<string, RunbookView>();
  readonly #secrets = new Set<string>();
  #history: RunHistory | undefined;
  #instance: string | undefined;
  /** The runbook that runs. */
  #running: { readonly id: string; readonly earlier: RunState | undefined } | undefined;

  constructor(options: LabRunbooksOptions) {
    this.#options = options;
    this.lifeChanged();
  }

  /** What ran on the lab's present life; undefined while it is down. */
  get history(): RunHistory | undefined {
    this.lifeChanged();
    return this.#history;
  }

  /** Values that no page may see, of all runbooks that ran on this life of the lab. */
  get secrets(): readonly string[] {
    return [...this.#secrets];
  }

  hide(secrets: readonly string[]): void {
    for (const secret of secrets) this.#secrets.add(secret);
  }

  /** All that a page has to know of its runbook. Throws for a page with mistakes. */
  messages(runbook: string): readonly ServerMessage[] {
    const view = this.#viewOf(runbook);
    if (view === undefined) return [];
    const lab = this.#options.lab.name;
    return [
      { kind: 'run', view: view.run },
      ...view.steps.map((step): ServerMessage => ({ kind: 'step', runbook, lab, view: step })),
    ];
  }

  /** A run is being prepared. */
  prepare(runbook: string, detail: string | undefined): void {
    this.#viewOf(runbook)?.prepare(detail);
    this.#tellRun(runbook);
  }

  /** A run begins: its log is there. */
  begin(runbook: Runbook, steps: readonly string[], folder: BatchFolder, resumed: RunState | undefined): void {
    const view = this.#viewOf(runbook.id);
    this.#running = { id: runbook.id, earlier: resumed };
    view?.begin(steps);
    if (resumed) view?.keepDone(resumed);
    this.#history?.add(runbook.id, folder);
    this.#tellRun(runbook.id);
    for (const step of steps) this.#tellStep(runbook.id, step);
  }

  event(runbook: string, event: RunEvent): void {
    const earlier = this.#running?.earlier;
    const taken = (step: string) => earlier?.steps.find(({ id }) => id === step)?.taken;
    const step = this.#views.get(runbook)?.event(event, taken);
    if (step !== undefined) this.#tellStep(runbook, step);
    if (event.kind === 'step-ended' || event.kind === 'run-ended' || event.kind === 'run-started')
      this.#tellRun(runbook);
  }

  preview(runbook: string, step: string, preview: Preview): void {
    this.#views.get(runbook)?.preview(step, preview);
    this.#tellStep(runbook, step);
  }

  /** The run is over, or could not be begun. */
  ended(runbook: string): void {
    const begun = this.#running !== undefined;
    this.#running = undefined;
    const view = this.#views.get(runbook);
    const changed = view?.end() ?? [];
    // One that broke off is in the log as one that can be resumed.
    if (begun && view?.run.verdict === undefined) {
      this.#views.delete(runbook);
      this.#readable(runbook);
    }
    for (const step of changed) this.#tellStep(runbook, step);
    this.#tellRun(runbook);
    this.lifeChanged();
  }

  /** A command's place in a host's terminal has become known; without a number: all are others. */
  placed(host: string, sequence: number | undefined): void {
    for (const [id, view] of this.#views) for (const step of view.stepsAt(host, sequence)) this.#tellStep(id, step);
  }

  /**
   * Looks whether the lab has begun another life: what was known is true of something that is gone. A lab that broke
   * keeps what was known until it is brought up anew; `down` says that it was taken down.
   */
  lifeChanged(down = false): void {
    const instance = this.#options.lab.instance();
    if (instance === this.#instance || (instance === undefined && !down)) return;
    this.#instance = instance;
    this.#secrets.clear();
    this.#history =
      instance === undefined ? undefined : new RunHistory(this.#options.runs, this.#options.lab.name, instance);
    for (const id of this.#history?.runbooks ?? []) this.#hideSecretsOf(id);
    const ids = [...this.#views.keys()];
    const preparing = new Map(ids.map((id) => [id, this.#views.get(id)?.run]));
    this.#views.clear();
    for (const id of ids) {
      const before = preparing.get(id);
      if (before?.status === 'preparing') this.#readable(id)?.prepare(before.detail);
      if (this.#readable(id)) for (const message of this.messages(id)) this.#options.tell(id, message);
    }
  }

  #viewOf(id: string): RunbookView | undefined {
    this.lifeChanged();
    const known = this.#views.get(id);
    if (known !== undefined && known.run.status !== 'idle') return known;
    const runbook = readPage(this.#options.root, id);
    if (runbook === undefined || runbook.steps.length === 0) return undefined;
    if (known !== undefined && shapeOf(known.runbook) === shapeOf(runbook)) return known;
    const { lab, place } = this.#options;
    const view = new RunbookView(runbook, lab.name, lab.hosts[0] ?? '', place);
    for (const { folder, state } of this.#history?.of(id) ?? []) {
      view.remember(
        state,
        chosenSteps(runbook, folder.batch).map((step) => step.id),
      );
    }
    this.#views.set(id, view);
    return view;
  }

  /** The view, if its page can be read: one with mistakes is told of when it is opened or run. */
  #readable(id: string): RunbookView | undefined {
    try {
      return this.#viewOf(id);
    } catch {
      return undefined;
    }
  }

  #hideSecretsOf(id: string): void {
    try {
      const runbook = readPage(this.#options.root, id);
      if (runbook !== undefined) this.hide(secretValues(runbook, variablesOf(runbook, {}, process.env)));
    } catch {
      // Without its values nothing of them is known that could be hidden.
    }
  }

  #tellRun(runbook: string): void {
    const view = this.#views.get(runbook);
    if (view !== undefined) this.#options.tell(runbook, { kind: 'run', view: view.run });
  }

  #tellStep(runbook: string, step: string): void {
    const view = this.#views.get(runbook)?.step(step);
    if (view !== undefined) this.#options.tell(runbook, { kind: 'step', runbook, lab: this.#options.lab.name, view });
  }
}

function shapeOf(runbook: Runbook): string {
  return JSON.stringify([runbook.host, runbook.steps.map((step) => [step.id, hashOf(step)])]);
}
