import { make, makeButton, setText, show } from '../dom.ts';
import { labOf } from '../page-state.ts';
import { summarise, summaryText } from '../run-summary.ts';
import { inlineCode } from '../steps/inline-code.ts';
import { texts } from '../texts.ts';
import type { BarContext, BarRequests } from './bar-context.ts';

/** What goes on: the connection, what the lab is doing, how the run stands, what was refused. */
export class StatusLine {
  readonly element: HTMLElement;
  readonly #connection = make('p', { class: 'bar-connection', role: 'status' });
  readonly #progress = make('p', { class: 'bar-progress', role: 'status' });
  readonly #summary = make('p', { class: 'bar-summary' });
  readonly #counts = make('span');
  readonly #toFailed: HTMLButtonElement;
  readonly #refusal = make('div', { class: 'bar-refusal', role: 'alert', hidden: true });
  readonly #dismiss: () => void;
  #failed: string | undefined;
  #shownRefusal: BarContext['refusal'];

  constructor(requests: BarRequests) {
    this.#dismiss = requests.dismiss;
    this.#toFailed = makeButton('', () => this.#failed !== undefined && requests.toStep(this.#failed));
    this.#summary.append(this.#counts, ' ', this.#toFailed);
    this.element = make('div', { class: 'bar-status' }, this.#connection, this.#progress, this.#summary, this.#refusal);
  }

  update(context: BarContext): void {
    const { state, refusal } = context;
    this.#paintConnection(context);
    const lab = labOf(state);
    const preparing = state.run?.status === 'preparing' ? (state.run.detail ?? texts.preparing) : undefined;
    const progress = [preparing, lab?.busy === preparing ? undefined : lab?.busy].filter((text) => text !== undefined);
    if (state.run?.interrupted !== undefined && progress.length === 0) progress.push(texts.interrupted);
    setText(this.#progress, progress.join(' · '));
    this.#progress.classList.toggle('busy', preparing !== undefined || lab?.busy !== undefined);
    this.#paintSummary(context);
    if (refusal === this.#shownRefusal) return;
    this.#shownRefusal = refusal;
    show(this.#refusal, refusal !== undefined);
    if (refusal === undefined) {
      this.#refusal.replaceChildren();
      return;
    }
    const from = refusal.step === undefined ? undefined : make('strong', {}, `${refusal.step}: `);
    this.#refusal.replaceChildren(
      make('p', {}, from ?? '', ...inlineCode(refusal.what)),
      make('p', {}, ...inlineCode(refusal.hint)),
      makeButton(texts.dismiss, () => this.#dismiss()),
    );
  }

  #paintConnection({ connection, asOf, outdated, state }: BarContext): void {
    const known = asOf === undefined || state.steps.size === 0 ? '' : ` ${texts.lastKnown(asOf)}`;
    const text = {
      connecting: texts.connecting,
      connected: '',
      lost: texts.lost + known,
      refused: texts.refused + known,
    }[connection.kind];
    const kind = outdated ? 'outdated' : connection.kind;
    if (this.#connection.dataset.state === kind && this.#connection.dataset.text === text) return;
    this.#connection.dataset.state = kind;
    this.#connection.dataset.text = text;
    this.#connection.replaceChildren(outdated ? texts.mustReload : text);
    if (outdated)
      this.#connection.append(
        ' ',
        makeButton(texts.reload, () => location.reload()),
      );
  }

  #paintSummary({ state, steps }: BarContext): void {
    const summary = summarise(steps, state.steps);
    setText(this.#counts, summaryText(summary));
    const verdict = summary.failed + summary.errored > 0 ? 'failed' : summary.passed === summary.all ? 'passed' : '';
    this.#summary.dataset.verdict = verdict;
    this.#failed = summary.firstFailed;
    show(this.#toFailed, this.#failed !== undefined);
    if (this.#failed === undefined) return;
    setText(this.#toFailed, texts.toFailed(this.#failed));
    this.#toFailed.setAttribute('aria-label', texts.toFailedName(this.#failed));
  }
}
