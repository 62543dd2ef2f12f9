import { describe } from '../../core/topology/describe.ts';
import type { Topology } from '../../core/topology/model.ts';
import type { TopologyWords } from '../../core/topology/words.ts';
import { visible } from '../build/visible-text.ts';
import { make } from '../client/dom.ts';
import { drawTopology } from './draw.ts';
import type { Shape } from './shape.ts';

const svg = 'http://www.w3.org/2000/svg';

/** A topology as elements of a page: its picture, and the same as text. */
export function topologyElements(topology: Topology, words: TopologyWords): readonly Element[] {
  const { summary, disagreements, columns, rows } = describe(topology, words);
  const differ = make(
    'p',
    { class: 'topology-differ' },
    make('strong', {}, words.disagree),
    ` ${visible(disagreements.join(' '))}`,
  );
  const heads = columns.map((name) => make('th', { scope: 'col' }, visible(name)));
  const body = rows.map(([host = '', ...cells]) =>
    make('tr', {}, make('th', { scope: 'row' }, visible(host)), ...cells.map((cell) => make('td', {}, visible(cell)))),
  );
  const table = make('table', {}, make('thead', {}, make('tr', {}, ...heads)), make('tbody', {}, ...body));
  return [
    pictureElement(drawTopology(topology, words)),
    make('div', {}, ...(disagreements.length > 0 ? [differ] : []), make('p', {}, visible(summary)), table),
  ];
}

function pictureElement({ tag, attributes, children }: Shape): Element {
  const element = document.createElementNS(svg, tag);
  for (const [name, value] of Object.entries(attributes)) {
    // The policy lets no script set a `style` as text.
    if (name === 'style') (element as SVGElement).style.cssText = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.map((child) => (typeof child === 'string' ? visible(child) : pictureElement(child))));
  return element;
}
