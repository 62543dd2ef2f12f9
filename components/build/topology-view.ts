import type { RecordedStep } from '../../core/recording/model.ts';
import { describe } from '../../core/topology/describe.ts';
import { english } from '../../core/topology/words.ts';
import { japanese } from '../../core/topology/words-ja.ts';
import { drawTopology } from '../topology/draw.ts';
import type { Shape } from '../topology/shape.ts';
import type { Locale } from './book.ts';
import { element, leaf, type PageNode, text } from './nodes.ts';
import { visible } from './visible-text.ts';

/** Who was what after a step, as a picture and as text. */
export function topologyView(
  { topology }: RecordedStep,
  { locale }: { readonly locale: Locale },
): PageNode | undefined {
  if (!topology) return undefined;
  const words = { en: english, ja: japanese }[locale];
  const { summary, disagreements, columns, rows } = describe(topology, words);
  return element(
    'figure',
    { class: 'tejun-topology', style: 'margin:0.75rem 0 0' },
    picture(drawTopology(topology, words)),
    disagreements.length === 0
      ? undefined
      : element(
          'p',
          {
            style: 'border-inline-start:3px solid var(--tejun-warn);padding-inline-start:0.5rem;margin-block:0.375rem',
          },
          leaf('strong', {}, words.disagree),
          text(` ${visible(disagreements.join(' '))}`),
        ),
    leaf('figcaption', {}, visible(summary)),
    element(
      'details',
      {},
      leaf('summary', {}, words.asText),
      element(
        'table',
        { style: 'font-size:var(--sl-text-xs)' },
        element('thead', {}, element('tr', {}, ...columns.map((name) => leaf('th', { scope: 'col' }, visible(name))))),
        element(
          'tbody',
          {},
          ...rows.map(([host = '', ...cells]) =>
            element(
              'tr',
              {},
              leaf('th', { scope: 'row' }, visible(host)),
              ...cells.map((cell) => leaf('td', {}, visible(cell))),
            ),
          ),
        ),
      ),
    ),
  );
}

function picture(shape: Shape): PageNode {
  const node = ({ tag, attributes, children }: Shape): object => ({
    type: 'element',
    tagName: tag,
    properties: attributes,
    children: children.map((child) =>
      typeof child === 'string' ? { type: 'text', value: visible(child) } : node(child),
    ),
  });
  const { tag, attributes } = shape;
  const { children } = node(shape) as { children: object[] };
  return {
    type: 'paragraph',
    data: { hName: tag, hProperties: attributes, hChildren: children },
    children: [],
  } as unknown as PageNode;
}
