import { describe } from '../../core/topology/describe.ts';
import type { Topology } from '../../core/topology/model.ts';
import { visible } from '../build/visible-text.ts';
import { adoptStyles } from '../client/adopt-styles.ts';
import { make, setText, show } from '../client/dom.ts';
import { drawTopology } from './draw.ts';
import { words } from './page-words.ts';
import type { Shape } from './shape.ts';
import styles from './topology.css?inline';

adoptStyles(styles);

const svg = 'http://www.w3.org/2000/svg';

/** A topology on a live page: its picture, and the same as text. What a reader has unfolded stays so while it changes. */
export class TopologyView {
  readonly element: HTMLElement;
  readonly #picture = make('div');
  readonly #differ = make('p', { class: 'topology-differ' });
  readonly #summary = make('p');
  readonly #table = make('table');

  constructor() {
    const asText = make('details', {}, make('summary', {}, words.asText), this.#table);
    const said = make('div', {}, this.#differ, this.#summary, asText);
    this.element = make('div', { class: 'topology-view' }, this.#picture, said);
  }

  update(topology: Topology): void {
    const { summary, disagreements, columns, rows } = describe(topology, words);
    this.#picture.replaceChildren(pictureElement(drawTopology(topology, words)));
    show(this.#differ, disagreements.length > 0);
    this.#differ.replaceChildren(make('strong', {}, words.disagree), ` ${visible(disagreements.join(' '))}`);
    setText(this.#summary, visible(summary));
    const heads = columns.map((name) => make('th', { scope: 'col' }, visible(name)));
    const body = rows.map(([host = '', ...cells]) =>
      make(
        'tr',
        {},
        make('th', { scope: 'row' }, visible(host)),
        ...cells.map((cell) => make('td', {}, visible(cell))),
      ),
    );
    this.#table.replaceChildren(make('thead', {}, make('tr', {}, ...heads)), make('tbody', {}, ...body));
  }
}

function pictureElement({ tag, attributes, children }: Shape): Element {
  const element = document.createElementNS(svg, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'style') (element as SVGElement).style.cssText = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.map((child) => (typeof child === 'string' ? visible(child) : pictureElement(child))));
  return element;
}
