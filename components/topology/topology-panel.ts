import type { ClientMessage } from '../../core/protocol/client-message.ts';
import type { LabView, ServerMessage } from '../../core/protocol/server-message.ts';
import { changes } from '../../core/topology/describe.ts';
import type { Topology } from '../../core/topology/model.ts';
import { make, makeButton, setAttribute, setText, show } from '../client/dom.ts';
import { words } from './page-words.ts';
import { texts } from './texts.ts';
import { TopologyView } from './topology-view.ts';

/** What the panel needs of the page. */
type Page = { send(message: ClientMessage): boolean; say(text: string): void };

/** The live picture of who is what, part of the lab bar. The runner looks only while it is open and the page is seen. */
export class TopologyPanel {
  readonly element: HTMLElement;
  readonly #page: Page;
  readonly #button: HTMLButtonElement;
  readonly #picture: HTMLElement;
  readonly #note = make('p');
  readonly #view = new TopologyView();
  #lab: LabView | undefined;
  #connected = false;
  /** Lab of which the runner was told that it is watched. */
  #watched: string | undefined;
  #open = sessionStorage.getItem('tejun-topology') === 'open';
  #shown: Topology | undefined;

  constructor(page: Page) {
    this.#page = page;
    this.#button = makeButton(words.title, () => this.#toggle(), { class: 'disclosure' });
    this.#picture = make('div', {
      class: 'topology-live',
      role: 'region',
      'aria-label': words.title,
      tabindex: '0',
      hidden: true,
    });
    this.#picture.append(this.#note, this.#view.element);
    this.element = make('div', { class: 'bar-topology', hidden: true }, this.#button, this.#picture);
    document.addEventListener('visibilitychange', () => this.#watch());
    this.#draw();
  }

  update(lab: LabView | undefined, connected: boolean): void {
    this.#lab = lab;
    // Another connection knows nothing of what was asked over the one before.
    if (!connected) this.#watched = undefined;
    this.#connected = connected;
    show(this.element, lab?.topology === true);
    this.#watch();
    if (this.#shown === undefined) this.#draw();
  }

  receive({ lab, topology }: Extract<ServerMessage, { kind: 'topology' }>): void {
    if (lab !== this.#watched) return;
    if (this.#shown && topology) for (const sentence of changes(this.#shown, topology, words)) this.#page.say(sentence);
    this.#shown = topology;
    this.#draw();
  }

  #toggle(): void {
    this.#open = !this.#open;
    sessionStorage.setItem('tejun-topology', this.#open ? 'open' : '');
    this.#draw();
    this.#watch();
  }

  #watch(): void {
    const seen = this.#open && document.visibilityState === 'visible' && this.#connected;
    const wanted = seen && this.#lab?.topology ? this.#lab.lab : undefined;
    const lab = wanted ?? this.#watched;
    if (wanted === this.#watched || lab === undefined) return;
    if (wanted !== this.#watched) this.#shown = undefined;
    if (!this.#page.send({ kind: 'topology', lab, watch: wanted !== undefined })) return;
    this.#watched = wanted;
    if (this.#open) this.#draw();
  }

  #draw(): void {
    setAttribute(this.#button, 'aria-expanded', String(this.#open));
    show(this.#picture, this.#open);
    if (!this.#open) return;
    show(this.#view.element, this.#shown !== undefined);
    show(this.#note, this.#shown === undefined);
    if (this.#shown) this.#view.update(this.#shown);
    else setText(this.#note, this.#lab?.instance === undefined ? texts.down : texts.looking);
  }
}
