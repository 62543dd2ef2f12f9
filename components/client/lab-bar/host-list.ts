import type { HostView } from '../../../core/protocol/server-message.ts';
import { make } from '../dom.ts';
import { texts } from '../texts.ts';
import { HostItem } from './host-item.ts';

/** The hosts of the lab. */
export class HostList {
  readonly element = make('ul', { class: 'bar-hosts', role: 'list', 'aria-label': texts.hosts });
  readonly #toggleTerminal: (host: string) => void;
  #items: HostItem[] = [];

  constructor(toggleTerminal: (host: string) => void) {
    this.#toggleTerminal = toggleTerminal;
  }

  update(hosts: readonly HostView[], terminals: ReadonlySet<string>, connected: boolean): void {
    const names = hosts.map((view) => view.host);
    if (names.join() !== this.#items.map((item) => item.key).join()) {
      for (const item of this.#items) item.close();
      this.#items = names.map((name) => new HostItem(name, this.#toggleTerminal));
      this.element.replaceChildren(...this.#items.map((item) => item.element));
    }
    hosts.forEach((view, i) => {
      const open = terminals.has(view.host);
      this.#items[i]?.update(view, { open, enabled: open || connected }, hosts.length > 1);
    });
  }
}
