import type { LabView } from '../../../core/protocol/server-message.ts';
import { make, setText, show } from '../dom.ts';
import { texts } from '../texts.ts';

/** The lab's name and title; with several labs a choice. */
export class LabChoice {
  readonly element: HTMLElement;
  readonly #select = make('select', { 'aria-label': texts.labChoice });
  readonly #name = make('strong', { class: 'bar-lab' });
  readonly #title = make('span', { class: 'bar-title' });
  #names = '';

  constructor(choose: (lab: string) => void) {
    this.#select.addEventListener('change', () => choose(this.#select.value));
    this.element = make(
      'div',
      { class: 'bar-choice' },
      make('span', { class: 'bar-label' }, texts.lab),
      this.#name,
      this.#select,
      this.#title,
    );
  }

  update(labs: readonly LabView[], lab: LabView | undefined, named: string, enabled: boolean): void {
    const several = labs.length > 1;
    show(this.#select, several);
    show(this.#name, !several);
    setText(this.#name, lab?.lab ?? named);
    setText(this.#title, lab?.title ?? '');
    this.#title.title = lab?.title ?? '';
    this.#select.disabled = !enabled;
    const names = labs.map((one) => one.lab);
    if (this.#names !== names.join()) {
      this.#names = names.join();
      this.#select.replaceChildren(...names.map((name) => make('option', { value: name }, name)));
    }
    if (lab !== undefined && this.#select.value !== lab.lab) this.#select.value = lab.lab;
  }
}
