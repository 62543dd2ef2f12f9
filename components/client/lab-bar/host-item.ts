import type { HostView } from '../../../core/protocol/server-message.ts';
import { Disclosure } from '../disclosure.ts';
import { enable, make, makeButton, setAttribute, setText } from '../dom.ts';
import { texts } from '../texts.ts';
import { shortFacts } from './fact-text.ts';

const signs = { down: '○', up: '◐', ready: '●', broken: '✗' } as const;
const words = { down: texts.hostDown, up: texts.hostUp, ready: texts.hostReady, broken: texts.hostBroken } as const;

/** A host with its state, its facts and the switch of its terminal. */
export class HostItem {
  readonly key: string;
  readonly element: HTMLElement;
  readonly #sign = make('span', { class: 'tejun-sign', 'aria-hidden': 'true' });
  readonly #state = make('span', { class: 'host-state' });
  readonly #facts: Disclosure;
  readonly #terminal: HTMLButtonElement;
  #shown: HostView | undefined;

  constructor(host: string, toggleTerminal: (host: string) => void) {
    this.key = host;
    this.#facts = new Disclosure('', undefined, 'host-facts');
    this.#terminal = makeButton(texts.terminal, () => toggleTerminal(host), { label: texts.openTerminal(host) });
    const name = make('span', { class: 'host-name' }, host);
    this.element = make(
      'li',
      { 'data-host': host },
      this.#sign,
      name,
      this.#state,
      this.#facts.element,
      this.#terminal,
    );
  }

  /** `narrow`: there are others beside it, so its facts are only told when they are asked for. */
  update(view: HostView, terminal: { readonly open: boolean; readonly enabled: boolean }, narrow: boolean): void {
    enable(this.#terminal, terminal.enabled);
    setAttribute(this.#terminal, 'aria-pressed', String(terminal.open));
    if (view === this.#shown) return;
    this.#shown = view;
    this.element.dataset.state = view.state;
    setText(this.#sign, signs[view.state]);
    setText(this.#state, words[view.state]);
    const short = shortFacts(view.facts);
    setText(this.#facts.button, narrow ? '' : short);
    setAttribute(this.#facts.button, 'aria-label', `${texts.facts(view.host)}${short === '' ? '' : `: ${short}`}`);
    const facts = Object.entries(view.facts).map(([name, value]) =>
      make('div', {}, make('dt', {}, name), make('dd', {}, value)),
    );
    const all = facts.length > 0 ? make('dl', {}, ...facts) : make('p', {}, texts.noFacts);
    this.#facts.panel.replaceChildren(make('p', {}, [short, view.detail].filter(Boolean).join(' · ')), all);
  }

  close(): void {
    this.#facts.close();
  }
}
