import { linksOf } from './links.ts';
import { isUp, nodeOf, type Topology } from './model.ts';

/** Something about a topology that does not fit together. */
export type Disagreement =
  /** Pgpool-II gives a server another role than the server has. */
  | {
      readonly kind: 'role';
      readonly pool: string;
      readonly host: string;
      readonly says: string;
      readonly is: 'primary' | 'standby';
    }
  /** Pgpool-II takes a server that is up for one that is down. */
  | { readonly kind: 'taken-for-down'; readonly pool: string; readonly host: string }
  /** Pgpool-II takes a server that is down for one that is up. */
  | { readonly kind: 'taken-for-up'; readonly pool: string; readonly host: string }
  | { readonly kind: 'two-primaries'; readonly hosts: readonly string[] }
  /** All servers were heard, and none of those that are up is a primary. */
  | { readonly kind: 'no-primary' }
  /** A standby that nobody sends anything. */
  | { readonly kind: 'follows-nobody'; readonly host: string };

/** All that does not fit together: between Pgpool-II and PostgreSQL, and among the servers. */
export function disagreements(topology: Topology): readonly Disagreement[] {
  const { servers } = topology;
  const links = linksOf(topology);
  const primaries = servers.filter(({ view }) => view.kind === 'primary').map(({ host }) => host);
  const silent = servers.some(({ view }) => view.kind === 'unknown');
  const someUp = servers.some(({ view }) => isUp(view));
  const alone = servers.filter(
    ({ host, view }) =>
      view.kind === 'standby' && view.upstream?.status !== 'streaming' && !links.some(({ to }) => to === host),
  );
  return [
    ...views(topology),
    ...(primaries.length > 1 ? [{ kind: 'two-primaries', hosts: primaries } as const] : []),
    ...(someUp && !silent && primaries.length === 0 ? [{ kind: 'no-primary' } as const] : []),
    ...alone.map(({ host }) => ({ kind: 'follows-nobody', host }) as const),
  ];
}

/** Whether Pgpool-II's view of a host and the host's own differ. */
export function isDisputed(found: readonly Disagreement[], pool: string, host: string): boolean {
  return found.some((each) => 'pool' in each && each.pool === pool && each.host === host);
}

/** Whether Pgpool-II counts a node among those that are up; `waiting` is up without a connection so far. */
export function countsAsUp(status: string): boolean {
  return status === 'up' || status === 'waiting';
}

function views({ servers, pools }: Topology): readonly Disagreement[] {
  return pools.flatMap((pool) =>
    servers.flatMap(({ host, view }): readonly Disagreement[] => {
      const node = nodeOf(pool, host);
      if (!node || view.kind === 'unknown') return [];
      const up = countsAsUp(node.status);
      const about = { pool: pool.host, host };
      if (view.kind === 'down') return up ? [{ kind: 'taken-for-up', ...about }] : [];
      if (!up) return [{ kind: 'taken-for-down', ...about }];
      return node.role === view.kind ? [] : [{ kind: 'role', ...about, says: node.role, is: view.kind }];
    }),
  );
}
