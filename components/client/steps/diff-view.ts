import type { Diff } from '../../../core/expectation/model.ts';
import { make } from '../dom.ts';
import { texts } from '../texts.ts';
import { LineDiffView } from './line-diff-view.ts';
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
    }
    this.#view.update(diff);
  }

  /** Lets a diff that is wider than the page be scrolled by keyboard. Measures, so only for diffs that are complete. */
  settle(): void {
    const scroll = this.#view?.element;
    if (scroll === undefined) return;
    if (scroll.scrollWidth > scroll.clientWidth) {
      scroll.tabIndex = 0;
      scroll.setAttribute('role', 'region');
      scroll.setAttribute('aria-label', this.#name);
    } else scroll.removeAttribute('tabindex');
  }
}

function fits(view: LineDiffView | TableDiffView, diff: Diff): boolean {
  if (diff.kind === 'table' && diff.columns !== undefined) return view instanceof TableDiffView && view.fits(diff);
  return view instanceof LineDiffView;
}
