import type { LabView } from '../../../core/protocol/server-message.ts';
import type { Facts } from '../../../core/runbook/model.ts';
import { make, show } from '../dom.ts';
import { factName } from './fact-text.ts';

/** What the lab is to be when it comes up, such as its PostgreSQL: a choice for each fact that it offers. */
export class FactChoice {
  readonly element = make('div', { class: 'bar-choice bar-facts' });
  readonly #choose: (facts: Facts) => void;
  readonly #selects = new Map<string, HTMLSelectElement>();
  #offered = '';

  constructor(choose: (facts: Facts) => void) {
    this.#choose = choose;
  }

  /** `enabled`: the lab can be asked for something. One that is up stays what it is, which its hosts tell. */
  update(lab: LabView | undefined, enabled: boolean): void {
    const offered = lab?.offered ?? {};
    const text = JSON.stringify([lab?.lab, offered]);
    if (text !== this.#offered) {
      this.#offered = text;
      this.#selects.clear();
      this.element.replaceChildren(...Object.entries(offered).map(([fact, values]) => this.#choice(fact, values)));
    }
    show(this.element, this.#selects.size > 0 && lab?.instance === undefined);
    for (const [fact, select] of this.#selects) {
      const value = lab?.chosen[fact] ?? '';
      if (select.value !== value) select.value = value;
      select.disabled = !enabled;
    }
  }

  #choice(fact: string, values: readonly string[]): HTMLElement {
    const options = values.map((value) => make('option', { value }, value));
    const select = make('select', {}, ...options);
    select.addEventListener('change', () => {
      this.#choose(Object.fromEntries([...this.#selects].map(([name, each]) => [name, each.value])));
    });
    this.#selects.set(fact, select);
    return make('label', { class: 'bar-fact' }, make('span', {}, factName(fact)), select);
  }
}
