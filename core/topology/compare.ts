import { linksOf, shownLag } from './links.ts';
import type { Topology } from './model.ts';

/** Whether two topologies look the same: how far the WAL is and small lags do not count. */
export function looksSame(one: Topology, other: Topology): boolean {
  return JSON.stringify(looks(one)) === JSON.stringify(looks(other));
}

function looks(topology: Topology): unknown {
  const { servers, pools } = topology;
  const shown = servers.map(({ host, address, view }) => {
    if (!('senders' in view)) return { host, address, view };
    const { lsn: _, senders: __, ...rest } = view;
    return { host, address, view: rest };
  });
  const links = linksOf(topology).map(({ lag, ...link }) => ({ ...link, lag: lag === undefined ? '' : shownLag(lag) }));
  return { servers: shown, links, pools };
}
