import type { Disagreement } from './disagreements.ts';

/** All words that a picture of a topology, and what stands beside it, says itself. */
export type TopologyWords = {
  readonly title: string;
  readonly asText: string;
  /** Heads of the two halves of a server's box. */
  readonly itself: string;
  readonly pool: string;
  readonly views: Readonly<Record<'primary' | 'standby' | 'down' | 'unknown', string>>;
  /** A role or status as Pgpool-II prints it; others are shown as they are. */
  readonly says: Readonly<Record<string, string>>;
  readonly noWord: string;
  readonly differ: string;
  readonly states: Readonly<Record<string, string>>;
  readonly lag: (lag: string) => string;
  readonly columns: {
    readonly host: string;
    readonly own: string;
    readonly follows: string;
    readonly pool: (host: string) => string;
  };
  readonly timeline: (number: number) => string;
  readonly follows: (host: string, state: string, lag: string) => string;
  readonly followsNobody: string;
  /** Who is primary, who stands by, who is silent: one sentence. */
  readonly summary: (hosts: Readonly<Record<'primary' | 'standby' | 'down' | 'unknown', readonly string[]>>) => string;
  readonly poolAgrees: (pool: string) => string;
  readonly poolSilent: (pool: string, why: string) => string;
  readonly poolDown: (pool: string, why: string) => string;
  readonly disagreement: (about: Disagreement) => string;
  readonly disagree: string;
  readonly now: (host: string, view: 'primary' | 'standby' | 'down' | 'unknown') => string;
  readonly poolNow: (pool: string, host: string, status: string, role: string) => string;
  readonly settled: string;
};

const list = (hosts: readonly string[]): string =>
  hosts.length < 2 ? hosts.join('') : `${hosts.slice(0, -1).join(', ')} and ${hosts.at(-1)}`;
const are = (hosts: readonly string[], what: string): string =>
  hosts.length === 0 ? '' : `${list(hosts)} ${hosts.length === 1 ? 'is' : 'are'} ${what}`;

/** The words in English. */
export const english: TopologyWords = {
  title: 'Who is what',
  asText: 'As text',
  itself: 'PostgreSQL',
  pool: 'Pgpool-II',
  views: { primary: 'primary', standby: 'standby', down: 'down', unknown: 'no answer' },
  says: {},
  noWord: '–',
  differ: 'they disagree',
  states: {},
  lag: (lag) => `lag ${lag}`,
  columns: { host: 'Host', own: 'PostgreSQL itself', follows: 'Follows', pool: (host) => `Pgpool-II on ${host}` },
  timeline: (number) => `timeline ${number}`,
  follows: (host, state, lag) => [`${host}: ${state}`, lag].filter((part) => part !== '').join(', '),
  followsNobody: 'nobody',
  summary: ({ primary, standby, down, unknown }) => {
    const parts = [
      primary.length === 0 ? 'no server is primary' : are(primary, 'primary'),
      are(standby, 'standby'),
      are(down, 'down'),
      unknown.length === 0 ? '' : `${list(unknown)} ${unknown.length === 1 ? 'gives' : 'give'} no answer`,
    ];
    const text = parts.filter((part) => part !== '').join('; ');
    return `${text.charAt(0) === 'n' ? `N${text.slice(1)}` : text}.`;
  },
  poolAgrees: (pool) => `Pgpool-II on ${pool} sees the same.`,
  poolSilent: (pool, why) => `Pgpool-II on ${pool} gives no answer: ${why}.`,
  poolDown: (pool, why) => `Pgpool-II on ${pool} is down: ${why}.`,
  disagreement: (about) => {
    switch (about.kind) {
      case 'role':
        return `Pgpool-II calls ${about.host} ${about.says}, but PostgreSQL there is ${about.is}.`;
      case 'taken-for-down':
        return `Pgpool-II takes ${about.host} for down, but PostgreSQL there is up.`;
      case 'taken-for-up':
        return `Pgpool-II takes ${about.host} for up, but PostgreSQL there is down.`;
      case 'two-primaries':
        return `${list(about.hosts)} are all primary: each takes writes of its own.`;
      case 'no-primary':
        return 'No server takes writes.';
      case 'follows-nobody':
        return `${about.host} is standby and follows nobody.`;
    }
  },
  disagree: 'They disagree:',
  now: (host, view) => (view === 'unknown' ? `${host} gives no answer` : `${host} is ${english.views[view]} now`),
  poolNow: (pool, host, status, role) => `Pgpool-II on ${pool}: ${host} is ${status}, ${role} now`,
  settled: 'Pgpool-II and PostgreSQL agree again',
};
