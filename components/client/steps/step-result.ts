import type { StepView } from '../../../core/protocol/server-message.ts';
import { visible } from '../../build/visible-text.ts';
import { adoptStyles } from '../adopt-styles.ts';
import { makeCopyButton } from '../copy-button.ts';
import { make, setText, show } from '../dom.ts';
import { texts } from '../texts.ts';
import { DiffView } from './diff-view.ts';
import { inlineCode } from './inline-code.ts';
import { reachWhenLarger } from './overflow.ts';
import styles from './step-result.css?inline';
import { ValueLine } from './step-values.ts';

adoptStyles(styles);

/** What came of a step: its diff or output, why it did not pass, hints, what it captured. */
export class StepResult {
  readonly #stale = make('p', { class: 'step-note', hidden: true }, texts.otherSource);
  readonly #ran = make('div', { class: 'step-ran', hidden: true });
  readonly #command = make('pre');
  readonly #diff: DiffView;
  readonly #output: HTMLElement;
  readonly #outputText = make('span');
  readonly #outputNote = make('p', { class: 'diff-note', hidden: true });
  readonly #reason = make('div', { class: 'step-reason', hidden: true });
  readonly #topology = make('div', { class: 'step-topology', hidden: true });
  readonly #captured = new ValueLine(texts.valuesCaptured);
  readonly #copies = make('div', { class: 'step-copies' });
  readonly #copyOutput: HTMLButtonElement;
  #view: StepView | undefined;

  constructor(element: HTMLElement, step: string, say: (text: string) => void) {
    this.#diff = new DiffView(step);
    this.#output = make('pre', { class: 'step-output', hidden: true, 'aria-label': texts.outputOf(step) });
    this.#output.append(this.#outputText);
    reachWhenLarger(this.#output, this.#outputText);
    this.#ran.append(make('span', { class: 'values-title' }, texts.ran), this.#command);
    this.#copyOutput = makeCopyButton(texts.copyOutput, () => this.#view?.outcome?.output ?? '', say);
    this.#copies.append(
      makeCopyButton(texts.copyCommand, () => this.#view?.command ?? '', say),
      this.#copyOutput,
    );
    element.replaceChildren(
      this.#stale,
      this.#ran,
      this.#diff.element,
      this.#output,
      this.#outputNote,
      this.#reason,
      this.#topology,
      this.#captured.element,
      this.#copies,
    );
  }

  /** `written`: the command as the page shows it; `hash`: of the step that the page shows. */
  update(view: StepView, written: string, hash: string): void {
    if (view === this.#view) return;
    this.#view = view;
    show(this.#stale, view.hash !== hash);
    const command = view.command ?? '';
    show(this.#ran, command !== '' && command.trim() !== written.trim());
    setText(this.#command, visible(command));
    show(this.#diff.element, view.diff !== undefined);
    if (view.diff !== undefined) this.#diff.update(view.diff);
    this.#showOutput(view);
    this.#showReason(view);
    void this.#showTopology(view);
    const captured = Object.entries(view.outcome?.captures ?? {});
    this.#captured.update(captured.map(([name, value]) => ({ name, value, note: '' })));
    show(this.#copies, view.status === 'done' && command !== '');
    show(this.#copyOutput, (view.outcome?.output ?? '') !== '');
  }

  #showOutput(view: StepView): void {
    const bare = view.diff === undefined && view.outcome?.verdict !== 'skipped';
    const text = visible(view.outcome?.output || view.output);
    show(this.#output, bare && text !== '');
    if (bare) setText(this.#outputText, text);
    const lines = view.outcome?.outputLines ?? 0;
    const cut = lines > text.split('\n').length;
    show(this.#outputNote, bare && view.command !== undefined && (text === '' || cut));
    if (text === '') setText(this.#outputNote, view.status === 'done' ? texts.noOutput : texts.noOutputYet);
    else setText(this.#outputNote, texts.outputShortened(lines));
  }

  async #showTopology(view: StepView): Promise<void> {
    const { topology, topologyProblem } = view.outcome ?? {};
    show(this.#topology, topology !== undefined || topologyProblem !== undefined);
    if (topology === undefined) return setText(this.#topology, topologyProblem ?? '');
    const { TopologyView } = await import('../../topology/topology-view.ts');
    // Another result may have come meanwhile.
    if (this.#view !== view) return;
    const drawn = new TopologyView();
    drawn.update(topology);
    this.#topology.replaceChildren(drawn.element);
  }

  #showReason(view: StepView): void {
    const { outcome } = view;
    const reason = view.status === 'done' ? outcome?.reason : undefined;
    const problem = view.diff?.problem;
    show(this.#reason, reason !== undefined || problem !== undefined || (outcome?.hints.length ?? 0) > 0);
    const sentences = [reason, problem === reason ? undefined : problem].filter((text) => text !== undefined);
    this.#reason.replaceChildren(...sentences.map((text) => make('p', {}, ...inlineCode(text))));
    if (outcome === undefined || outcome.hints.length === 0) return;
    const hints = outcome.hints.map((hint) => make('li', {}, ...inlineCode(hint)));
    this.#reason.append(
      make('p', { class: 'values-title' }, texts.hints),
      make('ul', { class: 'step-hint' }, ...hints),
    );
  }
}
