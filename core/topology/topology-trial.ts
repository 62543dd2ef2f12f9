import type { PoolNode, Server, ServerView, Topology } from './model.ts';

/** What tests say of a host: itself, and in Pgpool-II's words `status role`. */
export type Told = { readonly own: ServerView['kind']; readonly pool: string; readonly follows?: string };

const numbers: Readonly<Record<string, string>> = { postgres1: '228', postgres2: '229', postgres3: '230' };

/** A topology of three servers and a Pgpool-II for tests. */
export function sketchTopology(told: Readonly<Record<string, Told>>, lag = 0): Topology {
  const hosts = Object.keys(told);
  const address = (host: string): string => `192.168.1.${numbers[host] ?? '1'}`;
  const senders = (to: string) =>
    hosts
      .filter((host) => told[host]?.follows === to)
      .map((host) => ({ host, name: host, address: address(host), state: 'streaming', sync: 'async', lag }));
  const view = (host: string): ServerView => {
    const { own = 'unknown', follows } = told[host] ?? {};
    if (own === 'down' || own === 'unknown') return { kind: own, why: own === 'down' ? 'nobody listens' : 'no answer' };
    const shared = { timeline: 1, lsn: '0/3000148', senders: senders(host) };
    if (own === 'primary') return { kind: own, ...shared };
    const upstream = follows === undefined ? undefined : { host: follows, address: follows, status: 'streaming' };
    return { kind: own, ...shared, ...(upstream && { upstream }) };
  };
  const nodes = hosts.map((host, node): PoolNode => {
    const [status = '', role = ''] = (told[host]?.pool ?? '').split(' ');
    return { host, node, hostname: address(host), port: '5432', status, role };
  });
  return {
    at: '2026-11-20T21:30:00.000Z',
    servers: hosts.map((host): Server => ({ host, address: address(host), view: view(host) })),
    pools: [{ host: 'pgpool1', address: '192.168.1.231', view: { kind: 'up', nodes } }],
  };
}

/** As figure 5.1 of the report has it: one primary, two that follow it. */
export const healthy = sketchTopology({
  postgres1: { own: 'primary', pool: 'up primary' },
  postgres2: { own: 'standby', pool: 'up standby', follows: 'postgres1' },
  postgres3: { own: 'standby', pool: 'up standby', follows: 'postgres1' },
});

/** After `pcp_promote_node`: only Pgpool-II believes that postgres2 is the primary. */
export const believed = sketchTopology({
  postgres1: { own: 'primary', pool: 'up standby' },
  postgres2: { own: 'standby', pool: 'up primary', follows: 'postgres1' },
  postgres3: { own: 'standby', pool: 'up standby', follows: 'postgres1' },
});

/** A standby has failed, and Pgpool-II knows. */
export const standbyDown = sketchTopology({
  postgres1: { own: 'primary', pool: 'up primary' },
  postgres2: { own: 'standby', pool: 'up standby', follows: 'postgres1' },
  postgres3: { own: 'down', pool: 'down standby' },
});
