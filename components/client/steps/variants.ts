import { holds, parseCondition } from '../../../core/runbook/condition.ts';
import type { Facts } from '../../../core/runbook/model.ts';
import { make, setAttribute, show } from '../dom.ts';
import { texts } from '../texts.ts';

type Variant = {
  readonly panel: HTMLElement;
  readonly tab: HTMLButtonElement;
  readonly mark: HTMLElement;
  readonly when: string;
};

/** The variants of a step's command or expectation that stand in one place, as tabs; the one for the lab's own host is chosen. */
export class Variants {
  /** Whether one of them is for the lab's own host, as far as is known. */
  fits = false;
  readonly #panels: readonly HTMLElement[];
  readonly #variants: readonly Variant[];
  #chosenByHand = false;
  #chosen = 0;

  /** `parent` holds the variants; with fewer than two of them nothing is changed. */
  constructor(parent: HTMLElement, name: string) {
    const panels = [...parent.querySelectorAll<HTMLElement>('.variant')];
    this.#panels = panels;
    this.#variants = panels.length < 2 ? [] : panels.map((panel, i) => this.#makeVariant(panel, i));
    if (this.#variants.length === 0) return;
    const list = make('div', { class: 'variant-tabs', role: 'tablist', 'aria-label': name });
    list.append(...this.#variants.map((variant) => variant.tab));
    list.addEventListener('keydown', (event) => this.#key(event));
    panels[0]?.before(list);
    this.#choose(0);
  }

  /** Text of the chosen variant's figure is in this element; undefined when there is only one. */
  get panel(): HTMLElement | undefined {
    return this.#variants[this.#chosen]?.panel;
  }

  /** Chooses the variant for a host's facts, unless the reader has chosen one. */
  update(facts: Facts | undefined): void {
    this.fits = facts !== undefined && this.#panels.some(({ dataset }) => applies(dataset.when ?? '', facts));
    this.#variants.forEach(({ mark, when }, i) => {
      const own = facts !== undefined && applies(when, facts);
      show(mark, own);
      if (own && !this.#chosenByHand && this.#chosen !== i) this.#choose(i);
    });
  }

  #makeVariant(panel: HTMLElement, i: number): Variant {
    const when = panel.dataset.when ?? '';
    const mark = make('span', { class: 'variant-own', hidden: true }, texts.thisHost);
    const tab = make('button', { type: 'button', role: 'tab' }, panel.dataset.label ?? when, mark);
    panel.id ||= `variant-${Math.random().toString(36).slice(2)}`;
    panel.setAttribute('role', 'tabpanel');
    tab.id = `${panel.id}-tab`;
    tab.setAttribute('aria-controls', panel.id);
    panel.setAttribute('aria-labelledby', tab.id);
    tab.addEventListener('click', () => this.#choose(i, true));
    return { panel, tab, mark, when };
  }

  #choose(chosen: number, byHand = false): void {
    this.#chosen = chosen;
    this.#chosenByHand ||= byHand;
    this.#variants.forEach(({ panel, tab }, i) => {
      setAttribute(tab, 'aria-selected', String(i === chosen));
      tab.tabIndex = i === chosen ? 0 : -1;
      show(panel, i === chosen);
    });
  }

  #key(event: KeyboardEvent): void {
    const count = this.#variants.length;
    const next = {
      ArrowRight: (this.#chosen + 1) % count,
      ArrowLeft: (this.#chosen + count - 1) % count,
      Home: 0,
      End: count - 1,
    }[event.key];
    if (next === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.#choose(next, true);
    this.#variants[next]?.tab.focus();
  }
}

function applies(when: string, facts: Facts): boolean {
  if (when === '') return true;
  const clauses = parseCondition(when);
  return !('wrong' in clauses) && holds(clauses, facts) === true;
}
