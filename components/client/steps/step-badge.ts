import type { StepView } from '../../../core/protocol/server-message.ts';
import type { Verdict } from '../../../core/run/model.ts';
import { make, setText, show } from '../dom.ts';
import { tickingText, tookText } from '../elapsed.ts';
import { texts } from '../texts.ts';

type Shown = Verdict | 'queued' | 'running';

const signs: Readonly<Record<Shown, string>> = {
  queued: '◦',
  running: '▶',
  passed: '✓',
  failed: '✗',
  skipped: '–',
  errored: '!',
  'timed-out': '✗',
};

/** How a step stands, in a sign, a word and a time. */
export class StepBadge {
  readonly element: HTMLElement;
  readonly #sign = make('span', { class: 'tejun-sign', 'aria-hidden': 'true' });
  readonly #word = make('span', { class: 'badge-word' });
  readonly #time = make('span', { class: 'badge-time' });

  constructor() {
    this.element = make('span', { class: 'step-badge', hidden: true }, this.#sign, this.#word, this.#time);
  }

  /** `received`: when the view came, by `performance.now()`; `until`: whether the step repeats until it passes. */
  update(view: StepView | undefined, until: boolean, received: number, asOf: string | undefined): void {
    const shown = view === undefined ? undefined : shownState(view);
    show(this.element, shown !== undefined);
    if (view === undefined || shown === undefined) return;
    this.element.dataset.state = shown;
    setText(this.#sign, signs[shown]);
    setText(this.#word, texts[shown]);
    setText(this.#time, timeText(view, until, received, asOf));
  }
}

/** The word for a verdict. */
export function verdictWord(verdict: Verdict): string {
  return texts[verdict];
}

function shownState(view: StepView): Shown | undefined {
  if (view.status === 'idle') return undefined;
  return view.status === 'done' ? view.outcome?.verdict : view.status;
}

function timeText(view: StepView, until: boolean, received: number, asOf: string | undefined): string {
  const parts: string[] = [];
  if (view.status === 'running') {
    if (until && view.attempt > 0) parts.push(texts.attempt(view.attempt));
    parts.push(tickingText(view.elapsedMs + (asOf === undefined ? performance.now() - received : 0), texts));
  }
  if (view.status === 'done' && view.outcome !== undefined && view.outcome.verdict !== 'skipped') {
    const took = tookText(view.outcome.durationMs, texts);
    parts.push(until && view.outcome.verdict === 'passed' ? texts.heldAfter(took) : took);
    if (view.outcome.attempts > 1) parts.push(texts.afterAttempts(view.outcome.attempts));
  }
  if (asOf !== undefined) parts.push(texts.asOf(asOf));
  return parts.join(' · ');
}
