import type { ClientMessage } from '../../core/protocol/client-message.ts';
import type { LabView, ServerMessage } from '../../core/protocol/server-message.ts';
import type { TopologyPanel } from '../topology/topology-panel.ts';

type TopologyMessage = Extract<ServerMessage, { kind: 'topology' }>;

/** The way to the live picture of who is what. Its code is loaded on a page whose lab has several database servers. */
export class TopologyDoor {
  readonly #bar: HTMLElement;
  readonly #page: { send(message: ClientMessage): boolean; say(text: string): void };
  #lab: LabView | undefined;
  #connected = false;
  #loading = false;
  #panel: TopologyPanel | undefined;

  /** `bar`: where the picture has its place. */
  constructor(bar: HTMLElement, page: { send(message: ClientMessage): boolean; say(text: string): void }) {
    this.#bar = bar;
    this.#page = page;
  }

  update(lab: LabView | undefined, connected: boolean): void {
    this.#lab = lab;
    this.#connected = connected;
    if (this.#panel) this.#panel.update(lab, connected);
    else if (lab?.topology && !this.#loading) void this.#load();
  }

  receive(message: TopologyMessage): void {
    this.#panel?.receive(message);
  }

  async #load(): Promise<void> {
    this.#loading = true;
    try {
      const { TopologyPanel } = await import('../topology/topology-panel.ts');
      this.#panel = new TopologyPanel(this.#page);
      this.#bar.append(this.#panel.element);
      this.#panel.update(this.#lab, this.#connected);
    } catch {
      // The runner is gone; when it is back, it is tried again.
      this.#loading = false;
    }
  }
}
