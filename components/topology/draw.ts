import { poolWord } from '../../core/topology/describe.ts';
import { countsAsUp } from '../../core/topology/disagreements.ts';
import { type Layout, layout } from '../../core/topology/layout.ts';
import { shownLag } from '../../core/topology/links.ts';
import { nodeOf, type Pool, type Topology } from '../../core/topology/model.ts';
import type { TopologyWords } from '../../core/topology/words.ts';
import { boxPaint, linkPaint, type Paint, paint, spokePaint, wordPaint } from './paint.ts';
import { type Shape, shape } from './shape.ts';

type Placed<K extends 'servers' | 'pools' | 'links' | 'spokes'> = Layout[K][number];

/** Draws a topology for eyes; all that it shows stands beside it as text, too. */
export function drawTopology(topology: Topology, words: TopologyWords): Shape {
  const { width, height, spokes, pools, servers, links } = layout(topology);
  return shape(
    'svg',
    {
      // Wide enough for the thickest edge.
      viewBox: `-2 -2 ${width + 4} ${height + 4}`,
      style: `display:block;width:100%;max-width:${Math.round(width * 1.25)}px;height:auto`,
      'text-anchor': 'middle',
      'aria-hidden': 'true',
    },
    ...spokes.map(({ pool, host, path }) => shape('path', { ...spokePaint(takenFor(pool, host)), d: path })),
    ...pools.map((pool) => poolBox(pool, words)),
    ...servers.map((server) => serverBox(server, words)),
    ...links.map((link) => linkLine(link, words)),
  );
}

function poolBox({ pool, x, y, width, height }: Placed<'pools'>, words: TopologyWords): Shape {
  const { view, host, address } = pool;
  const state = view.kind === 'up' ? '' : ` · ${words.views[view.kind]}`;
  const middle = x + width / 2;
  return shape(
    'g',
    {},
    shape('rect', { ...boxPaint(view.kind, false), x, y, width, height }),
    line(middle, y + (address === undefined ? 24 : 17), paint.name, `${words.pool} · ${host}${state}`),
    address === undefined ? undefined : line(middle, y + 32, paint.small, address),
  );
}

function serverBox({ server, views, x, y, width, height }: Placed<'servers'>, words: TopologyWords): Shape {
  const { view, host, address } = server;
  const middle = x + width / 2;
  const disputed = views.some((each) => each.disputed);
  const rows = y + 40;
  const own = views.length > 0 ? x + width / 4 : middle;
  return shape(
    'g',
    {},
    shape('rect', { ...boxPaint(view.kind, disputed), x, y, width, height }),
    line(middle, y + (address === undefined ? 24 : 17), paint.name, host),
    address === undefined ? undefined : line(middle, y + 32, paint.small, address),
    shape('path', { ...paint.rule, d: `M${x} ${rows}h${width}` }),
    line(own, rows + 13, paint.small, words.itself),
    line(own, rows + 29, wordPaint(view.kind), words.views[view.kind]),
    ...views.flatMap((each) => [
      shape('path', { ...paint.rule, d: `M${each.x} ${each.y}v${each.height}` }),
      line(each.x + each.width / 2, each.y + 13, paint.small, views.length === 1 ? words.pool : each.pool.host),
      line(
        each.x + each.width / 2,
        each.y + 29,
        wordPaint(takenFor(each.pool, host)),
        poolWord(each.pool, host, words),
      ),
    ]),
    disputed ? line(middle, y + height - 5, paint.differ, `≠ ${words.differ}`) : undefined,
  );
}

function linkLine({ link, path, tip, x, y }: Placed<'links'>, words: TopologyWords): Shape {
  const { wire, tip: tipPaint } = linkPaint(link.state);
  const lag = link.lag === undefined ? '' : ` · ${shownLag(link.lag)}`;
  return shape(
    'g',
    {},
    shape('path', { ...wire, d: path }),
    shape('path', { ...tipPaint, d: `M${tip.x} ${tip.y}l-4 8h8z` }),
    line(x, y, paint.small, `${words.states[link.state] ?? link.state}${lag}`),
  );
}

function line(x: number, y: number, painted: Paint, text: string): Shape {
  return shape('text', { ...painted, x, y }, text);
}

/** What a Pgpool-II takes a host for. */
function takenFor(pool: Pool, host: string): string {
  const node = nodeOf(pool, host);
  if (!node) return 'unknown';
  return countsAsUp(node.status) ? node.role : 'down';
}
