import { visible } from '../../build/visible-text.ts';
import { make, setText, show } from '../dom.ts';

/** A value with its name, and what else there is to say of it. */
export type ShownValue = { readonly name: string; readonly value: string; readonly note: string };

/** A line of names with their values. */
export class ValueLine {
  readonly element: HTMLElement;
  readonly #list = make('dl');
  #shown = '';

  constructor(title: string) {
    this.element = make('div', { class: 'step-values', hidden: true }, make('span', { class: 'values-title' }, title));
    this.element.append(this.#list);
  }

  update(values: readonly ShownValue[]): void {
    const text = JSON.stringify(values);
    if (text === this.#shown) return;
    this.#shown = text;
    show(this.element, values.length > 0);
    this.#list.replaceChildren(
      ...values.map(({ name, value, note }) => {
        const term = make('dt');
        setText(term, name);
        const definition = make('dd', {}, make('code', {}, visible(value)));
        if (note !== '') definition.append(' ', make('span', { class: 'value-note' }, note));
        return make('div', {}, term, definition);
      }),
    );
  }
}
