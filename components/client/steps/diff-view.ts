import type { Diff } from '../../../core/expectation/model.ts';
import { make } from '../dom.ts';
import { texts } from '../texts.ts';
import { LineDiffView } from './line-diff-view.ts';
import { reachWhenLarger } from './overflow.ts';
import { TableDiffView } from './table-diff-view.ts';

/** A step's diff in the form that fits it. */
export class DiffView {
  readonly element = make('div', { class: 'step-diff' });
  readonly #name: string;
  #view: LineDiffView | TableDiffView | undefined;
  #shown: Diff | undefined;

  constructor(step: string) {
    this.#name = texts.compared(step);
  }

  /** Shows a diff; the same one again costs nothing. */
  update(diff: Diff): void {
    if (diff === this.#shown) return;
    this.#shown = diff;
    if (diff.rows.length === 0) {
      this.#view = undefined;
      this.element.replaceChildren(make('p', { class: 'diff-note' }, texts.nothingExpected));
      return;
    }
    if (this.#view === undefined || !fits(this.#view, diff)) {
      this.#view =
        diff.kind === 'table' && diff.columns !== undefined
          ? new TableDiffView(this.#name, diff.columns)
          : new LineDiffView(this.#name);
      this.element.replaceChildren(this.#view.element);
      reachWhenLarger(this.#view.element, this.#view.content, this.#name);
    }
    this.#view.update(diff);
  }
}

function fits(view: LineDiffView | TableDiffView, diff: Diff): boolean {
  if (diff.kind === 'table' && diff.columns !== undefined) return view instanceof TableDiffView && view.fits(diff);
  return view instanceof LineDiffView;
}
