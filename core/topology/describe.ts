import { countsAsUp, disagreements } from './disagreements.ts';
import { linksOf, shownLag } from './links.ts';
import { isUp, nodeOf, type Pool, type Server, type Topology } from './model.ts';
import type { TopologyWords } from './words.ts';

/** A topology as text: the same that its picture shows, for whoever cannot see that. */
export type Description = {
  /** Who is primary, who stands by, and whether Pgpool-II sees it so. */
  readonly summary: string;
  /** What does not fit together, a sentence each. */
  readonly disagreements: readonly string[];
  readonly columns: readonly string[];
  /** One for each server. */
  readonly rows: readonly (readonly string[])[];
};

/** Says what a topology is. */
export function describe(topology: Topology, words: TopologyWords): Description {
  const { servers, pools } = topology;
  const { columns } = words;
  const called = (kind: Server['view']['kind']): readonly string[] =>
    servers.filter(({ view }) => view.kind === kind).map(({ host }) => host);
  const hosts = {
    primary: called('primary'),
    standby: called('standby'),
    down: called('down'),
    unknown: called('unknown'),
  };
  const found = disagreements(topology);
  const poolSentences = pools.flatMap(({ host, view }) => {
    if (view.kind === 'down') return [words.poolDown(host, view.why)];
    if (view.kind === 'unknown') return [words.poolSilent(host, view.why)];
    return found.some((each) => 'pool' in each && each.pool === host) ? [] : [words.poolAgrees(host)];
  });
  return {
    summary: [words.summary(hosts), ...poolSentences].join(' '),
    disagreements: found.map(words.disagreement),
    columns: [columns.host, columns.own, columns.follows, ...pools.map(({ host }) => columns.pool(host))],
    rows: servers.map((server) => [
      server.address === undefined ? server.host : `${server.host} (${server.address})`,
      ownWords(server, words),
      followed(topology, server, words),
      ...pools.map((pool) => poolWords(pool, server.host, words)),
    ]),
  };
}

/** What has changed for whoever does not see the picture: short sentences, none when nothing of weight has. */
export function changes(before: Topology, after: Topology, words: TopologyWords): readonly string[] {
  const said: string[] = [];
  for (const { host, view } of after.servers) {
    const was = before.servers.find((server) => server.host === host)?.view.kind;
    if (was !== view.kind) said.push(words.now(host, view.kind));
  }
  for (const pool of after.pools) {
    const old = before.pools.find(({ host }) => host === pool.host);
    for (const { host } of after.servers) {
      const [was, is] = [old && nodeOf(old, host), nodeOf(pool, host)];
      if (is && (was?.status !== is.status || was.role !== is.role))
        said.push(words.poolNow(pool.host, host, is.status, is.role));
    }
  }
  const [had, has] = [disagreements(before), disagreements(after)];
  const known = new Set(had.map(words.disagreement));
  said.push(...has.map(words.disagreement).filter((text) => !known.has(text)));
  if (had.length > 0 && has.length === 0 && said.length > 0) said.push(words.settled);
  return said;
}

/** What Pgpool-II says of a host, in a word or two. */
export function poolWord(pool: Pool, host: string, words: TopologyWords): string {
  if (pool.view.kind !== 'up') return words.views[pool.view.kind];
  const node = nodeOf(pool, host);
  if (!node) return words.noWord;
  // Of a node that is down its role says nothing any more.
  const said = countsAsUp(node.status) ? node.role : node.status;
  return words.says[said] ?? said;
}

function ownWords({ view }: Server, words: TopologyWords): string {
  const word = words.views[view.kind];
  if (!isUp(view)) return `${word} (${view.why})`;
  const more = [view.timeline === undefined ? undefined : words.timeline(view.timeline), view.lsn];
  return [word, ...more.filter((part) => part !== undefined)].join(', ');
}

function followed(topology: Topology, { host, view }: Server, words: TopologyWords): string {
  const links = linksOf(topology).filter(({ to }) => to === host);
  if (links.length === 0 && view.kind === 'standby') {
    const { upstream } = view;
    return upstream ? words.follows(upstream.host ?? upstream.address, upstream.status, '') : words.followsNobody;
  }
  const texts = links.map(({ from, state, sync, lag }) =>
    words.follows(
      from,
      [words.states[state] ?? state, sync].filter((part) => part !== '').join(', '),
      lag === undefined ? '' : words.lag(shownLag(lag)),
    ),
  );
  return texts.join('; ') || words.noWord;
}

function poolWords(pool: Pool, host: string, words: TopologyWords): string {
  const node = nodeOf(pool, host);
  return node ? `${node.status}, ${words.says[node.role] ?? node.role}` : poolWord(pool, host, words);
}
