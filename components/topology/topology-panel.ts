import type { ClientMessage } from '../../core/protocol/client-message.ts';
import type { LabView, ServerMessage } from '../../core/protocol/server-message.ts';
import { changes } from '../../core/topology/describe.ts';
import type { Topology } from '../../core/topology/model.ts';
import { english, type TopologyWords } from '../../core/topology/words.ts';
import { adoptStyles } from '../client/adopt-styles.ts';
import { make, makeButton, setAttribute, show } from '../client/dom.ts';
import { texts } from './texts.ts';
import { topologyElements } from './topology-elements.ts';
import styles from './topology-panel.css?inline';

adoptStyles(styles);

const isJapanese = document.documentElement.lang.startsWith('ja');
const words: TopologyWords = isJapanese ? (await import('../../core/topology/words-ja.ts')).japanese : english;

/** What the panel needs of the page. */
type Page = { send(message: ClientMessage): boolean; say(text: string): void };

/** The live picture of who is what, part of the lab bar. The runner looks only while it is open and the page is seen. */
export class TopologyPanel {
  readonly element: HTMLElement;
  readonly #page: Page;
  readonly #button: HTMLButtonElement;
  readonly #picture: HTMLElement;
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
    if (this.#shown) this.#picture.replaceChildren(...topologyElements(this.#shown, words));
    else this.#picture.replaceChildren(make('p', {}, this.#lab?.instance === undefined ? texts.down : texts.looking));
  }
}
