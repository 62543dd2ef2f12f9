import type { StepView } from '../../../core/protocol/server-message.ts';
import { namesIn } from '../../../core/runbook/fill-command.ts';
import { make, setAttribute, setText, show } from '../dom.ts';
import { texts } from '../texts.ts';
import type { Ticker } from '../ticker.ts';
import { codeText } from './page-code.ts';
import { StepActions } from './step-actions.ts';
import { StepBadge } from './step-badge.ts';
import type { StepContext, StepRequests } from './step-context.ts';
import type { StepResult } from './step-result.ts';
import { ValueLine } from './step-values.ts';
import { Variants } from './variants.ts';

/** The code that shows what came; loaded when the first step of the page runs. */
let results: typeof import('./step-result.ts') | undefined;

type Place = { readonly element: HTMLElement; readonly variants: Variants };

/** One step of the page: what the page shows of it, made live. */
export class StepPanel {
  readonly id: string;
  readonly hash: string;
  readonly host: string;
  readonly #section: HTMLElement;
  readonly #ticker: Ticker;
  readonly #commands: HTMLElement | undefined;
  /** Places of the page where commands of the step stand, the section first. */
  readonly #places: readonly Place[];
  readonly #expected: readonly HTMLElement[];
  readonly #expectedVariants: readonly Variants[];
  readonly #recorded: readonly HTMLElement[];
  readonly #actions: StepActions | undefined;
  readonly #hostName: HTMLElement;
  readonly #badge = new StepBadge();
  readonly #used = new ValueLine(texts.valuesUsed);
  readonly #live: HTMLElement;
  readonly #say: (text: string) => void;
  #result: StepResult | undefined;
  #loading = false;
  readonly #tick: () => void;
  #view: StepView | undefined;
  #received = 0;
  #context: StepContext | undefined;

  constructor(section: HTMLElement, requests: StepRequests, ticker: Ticker) {
    this.#section = section;
    this.#ticker = ticker;
    this.id = section.dataset.step ?? '';
    this.hash = section.dataset.hash ?? '';
    this.host = section.dataset.host ?? '';
    const part = (name: string) => section.querySelector<HTMLElement>(`:scope > .${name}`) ?? undefined;
    this.#commands = part('step-command');
    const elsewhere = document.querySelectorAll<HTMLElement>(`.tejun-part[data-part-of="${CSS.escape(this.id)}"]`);
    const all = (name: string): readonly HTMLElement[] =>
      [section, ...elsewhere].flatMap((place) => [...place.querySelectorAll<HTMLElement>(`:scope > .${name}`)]);
    const name = texts.variantsOf(this.id);
    this.#places = all('step-command').map((element) => ({ element, variants: new Variants(element, name) }));
    this.#expected = all('step-expected');
    this.#recorded = all('step-recorded');
    this.#expectedVariants = this.#expected.map((element) => new Variants(element, name));
    const actions = section.querySelector<HTMLElement>('.step-actions');
    this.#actions = actions ? new StepActions(actions, this.id, requests) : undefined;
    section.querySelector('.step-state')?.after(this.#badge.element);
    // A page need not name the host; a reader must always see it.
    this.#hostName = section.querySelector<HTMLElement>('.step-host') ?? make('span', { class: 'step-host' });
    section.querySelector('.step-id')?.before(this.#hostName);
    this.#commands?.after(this.#used.element);
    const live = make('div', { class: 'step-live' });
    live.hidden = true;
    section.insertBefore(live, part('step-hints') ?? null);
    // Starlight's distances between paragraphs are not for what is built here.
    for (const element of [live, actions, this.#used.element]) element?.classList.add('not-content');
    this.#live = live;
    this.#say = requests.say;
    this.#tick = () => this.#paintBadge();
    section.addEventListener('keydown', (event) => {
      if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      if (event.key === 'Enter') this.#actions?.run();
      else if (event.key === 'ArrowDown') requests.move(this.id, 1);
      else if (event.key === 'ArrowUp') requests.move(this.id, -1);
      else return;
      event.preventDefault();
    });
  }

  /** `received`: when the view came, by `performance.now()`. */
  update(view: StepView | undefined, received: number, context: StepContext): void {
    const changed = view !== this.#view;
    if (!changed && context === this.#context) return;
    this.#view = view;
    this.#received = received;
    this.#context = context;
    const host = view?.host ?? (this.host || context.firstHost) ?? '';
    setText(this.#hostName, this.#placeOn(host, context));
    show(this.#hostName, host !== '');
    const facts = context.facts.get(host);
    for (const { variants } of this.#places) variants.update(facts, context.lab);
    for (const variants of this.#expectedVariants) variants.update(facts, context.lab);
    this.#actions?.update(view, context);
    this.#paintBadge();
    const written = this.#written();
    this.#paintUsed(written, context);
    if (!changed) return;
    this.#ticker.set(this.#tick, view?.status === 'running');
    setAttribute(this.#section, 'data-live', view?.status === 'done' ? view.outcome?.verdict : view?.status);
    this.#paintResult();
  }

  /** The host, and for a step in SQL the database: the page's, or the one that the lab's file names. */
  #placeOn(host: string, { databases }: StepContext): string {
    const { database } = this.#section.dataset;
    return database === undefined ? host : `${host} · ${database || databases.get(host) || 'SQL'}`;
  }

  /** Brings the step into view and gives it the focus. */
  focus(): void {
    this.#actions?.focus();
    this.reveal();
  }

  /** Brings the step into view. */
  reveal(): void {
    this.#section.scrollIntoView({ block: 'nearest' });
  }

  /** Shows the output in the place of the expectation. */
  #paintResult(): void {
    const view = this.#view;
    const live = view?.status === 'running' || view?.status === 'done';
    if (live && this.#result === undefined) {
      if (results === undefined) {
        void this.#load();
        return;
      }
      this.#result = new results.StepResult(this.#live, this.id, this.#say);
    }
    show(this.#live, live);
    if (live) this.#result?.update(view, this.#written(), this.hash);
    const compared = view?.diff !== undefined && view.hash === this.hash;
    for (const expected of this.#expected) show(expected, !(live && compared));
    for (const recorded of this.#recorded) show(recorded, !live);
    const state = this.#section.querySelector<HTMLElement>(':scope > .step-head > .step-state');
    if (state) show(state, view === undefined || view.status === 'idle');
  }

  async #load(): Promise<void> {
    if (this.#loading) return;
    this.#loading = true;
    try {
      results = await import('./step-result.ts');
      this.#paintResult();
    } finally {
      // Where the runner was gone, the next view tries again.
      this.#loading = false;
    }
  }

  #written(): string {
    const place = this.#places.find(({ variants }) => variants.fits) ?? this.#places[0];
    return place === undefined ? '' : codeText(place.variants.panel ?? place.element);
  }

  #paintBadge(): void {
    this.#badge.update(this.#view, this.#section.dataset.until !== undefined, this.#received, this.#context?.asOf);
  }

  #paintUsed(written: string, { captures, capturedBy }: StepContext): void {
    const names = [...new Set(namesIn({ language: 'sh', text: written }))];
    this.#used.update(
      names.flatMap((name) => {
        const value = Object.hasOwn(captures, name) ? captures[name] : undefined;
        if (value === undefined) return [];
        const by = capturedBy.get(name);
        return [{ name, value, note: by === undefined ? '' : texts.valueFrom(by) }];
      }),
    );
  }
}
