import { parseCondition } from '../../../core/runbook/condition.ts';
import type { Clause, Facts } from '../../../core/runbook/model.ts';
import { chooseVariant } from '../../../core/runbook/select.ts';
import { make, setAttribute, show } from '../dom.ts';
import { texts } from '../texts.ts';

type Panel = { readonly panel: HTMLElement; readonly when: readonly Clause[] };
type Variant = Panel & { readonly tab: HTMLButtonElement; readonly mark: HTMLElement };

/** The variants of a step's command or expectation that stand in one place, as tabs; the one for the lab's own host is chosen. */
export class Variants {
  /** Whether one of them is for the lab's own host, as far as is known. */
  fits = false;
  readonly #panels: readonly Panel[];
  readonly #variants: readonly Variant[];
  #chosenByHand = false;
  #chosen = 0;

  /** `parent` holds the variants; with fewer than two of them nothing is changed. */
  constructor(parent: HTMLElement, name: string) {
    this.#panels = [...parent.querySelectorAll<HTMLElement>('.variant')].map((panel) => ({
      panel,
      when: conditionOf(panel),
    }));
    this.#variants = this.#panels.length < 2 ? [] : this.#panels.map((panel, i) => this.#makeVariant(panel, i));
    if (this.#variants.length === 0) return;
    const list = make('div', { class: 'variant-tabs', role: 'tablist', 'aria-label': name });
    list.append(...this.#variants.map((variant) => variant.tab));
    list.addEventListener('keydown', (event) => this.#key(event));
    this.#panels[0]?.panel.before(list);
    this.#choose(0);
  }

  /** Text of the chosen variant's figure is in this element; undefined when there is only one. */
  get panel(): HTMLElement | undefined {
    return this.#variants[this.#chosen]?.panel;
  }

  /**
   * Chooses the variant for a host's facts, unless the reader has chosen one. Before the host is up and has told its
   * facts, it is the one that ran when the lab was recorded.
   */
  update(facts: Facts | undefined, lab: string | undefined): void {
    const choice = chooseVariant(this.#panels, facts ?? {});
    const own = facts !== undefined && choice.kind === 'one' ? choice.variant.panel : undefined;
    this.fits = own !== undefined;
    for (const { panel, mark } of this.#variants) show(mark, panel === own);
    if (this.#chosenByHand) return;
    const wanted = this.#variants.findIndex(({ panel }) =>
      facts === undefined ? lab !== undefined && panel.dataset.labs?.split(' ').includes(lab) : panel === own,
    );
    if (wanted >= 0 && wanted !== this.#chosen) this.#choose(wanted);
  }

  #makeVariant({ panel, when }: Panel, i: number): Variant {
    const mark = make('span', { class: 'variant-own', hidden: true }, texts.thisHost);
    const tab = make('button', { type: 'button', role: 'tab' }, panel.dataset.label ?? '', mark);
    panel.id ||= `variant-${Math.random().toString(36).slice(2)}`;
    panel.setAttribute('role', 'tabpanel');
    tab.id = `${panel.id}-tab`;
    tab.setAttribute('aria-controls', panel.id);
    panel.setAttribute('aria-labelledby', tab.id);
    tab.addEventListener('click', () => this.#choose(i, true));
    return { panel, when, tab, mark };
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

function conditionOf({ dataset: { condition } }: HTMLElement): readonly Clause[] {
  if (condition === undefined) return [];
  const clauses = parseCondition(condition);
  // The build has written it from clauses.
  if ('wrong' in clauses) throw new Error(`this page has a condition that cannot be read: ${clauses.wrong}`);
  return clauses;
}
