import { disagreements, isDisputed } from './disagreements.ts';
import { type Link, linksOf } from './links.ts';
import type { Pool, Server, Topology } from './model.ts';

/** Where each part of a topology's picture is, in units of its view box. Hosts keep their places, whatever they become. */
export type Layout = {
  readonly width: number;
  readonly height: number;
  readonly pools: readonly (Box & { readonly pool: Pool })[];
  readonly servers: readonly (Box & { readonly server: Server; readonly views: readonly ViewBox[] })[];
  /** From a Pgpool-II down to each server of which it says something. */
  readonly spokes: readonly { readonly pool: Pool; readonly host: string; readonly path: string }[];
  /** From a sender below the boxes to a receiver. */
  readonly links: readonly {
    readonly link: Link;
    readonly path: string;
    readonly tip: Point;
    readonly x: number;
    readonly y: number;
  }[];
};

export type Point = { readonly x: number; readonly y: number };
export type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

/** Half of a server's box, where stands what a Pgpool-II says of the server. */
export type ViewBox = Box & { readonly pool: Pool; readonly disputed: boolean };

const box = 112;
const gap = 8;
const head = 40;
const row = 38;
const note = 18;
const poolHeight = 40;
const drop = 24;
const lane = 24;

/** Places a topology: Pgpool-II above, the servers side by side in the order of the lab, replication below them. */
export function layout(topology: Topology): Layout {
  const { servers, pools } = topology;
  const found = disagreements(topology);
  const columns = Math.max(servers.length, pools.length, 1);
  const width = columns * box + (columns - 1) * gap;
  const top = pools.length > 0 ? poolHeight + drop : 0;
  const height = head + Math.max(1, pools.length) * row + (pools.length > 0 ? note : 0);
  const placed = servers.map((server, index) => {
    const x = index * (box + gap);
    const views = pools.map((pool, line) => ({
      pool,
      disputed: isDisputed(found, pool.host, server.host),
      x: x + box / 2,
      y: top + head + line * row,
      width: box / 2,
      height: row,
    }));
    return { server, views, x, y: top, width: box, height };
  });
  const centre = (host: string): number => {
    const at = placed.find(({ server }) => server.host === host);
    return (at?.x ?? 0) + box / 2;
  };
  const poolWidth = (width - (pools.length - 1) * gap) / Math.max(1, pools.length);
  const poolsPlaced = pools.map((pool, index) => ({
    pool,
    x: index * (poolWidth + gap),
    y: 0,
    width: poolWidth,
    height: poolHeight,
  }));
  const spokes = poolsPlaced.flatMap(({ pool, x }, index) =>
    servers.map(({ host }) => {
      const end = centre(host) + (index - (pools.length - 1) / 2) * 12;
      const start = Math.min(x + poolWidth - 8, Math.max(x + 8, end));
      return { pool, host, path: `M${start} ${poolHeight}L${end} ${top}` };
    }),
  );
  const bottom = top + height;
  const links = [...linksOf(topology)]
    .sort((a, b) => Math.abs(centre(a.from) - centre(a.to)) - Math.abs(centre(b.from) - centre(b.to)))
    .map((link, index) => placeLink(link, index, centre, bottom));
  const lanes = links.length;
  return {
    width,
    height: bottom + (lanes > 0 ? lanes * lane + 12 : 0),
    pools: poolsPlaced,
    servers: placed,
    spokes,
    links,
  };
}

/** Down from the sender, along a lane of its own, up to the receiver. */
function placeLink(link: Link, index: number, centre: (host: string) => number, bottom: number) {
  const [from, to] = [centre(link.from), centre(link.to)];
  const side = Math.sign(to - from);
  // Those that go farther leave from behind the others, so that none crosses another.
  const start = from + side * (12 - index * 14);
  const end = to - side * 12;
  const depth = bottom + (index + 1) * lane;
  return {
    link,
    tip: { x: end, y: bottom + 1 },
    path: `M${start} ${bottom}V${depth}H${end}V${bottom + 7}`,
    x: (start + end) / 2,
    y: depth - 5,
  };
}
