/**
 * Who a lab's database servers are to themselves, to each other, and to Pgpool-II, at one moment. `host` always names a
 * host of the lab; addresses and names as programs tell them are texts.
 */
export type Topology = {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** PostgreSQL servers in the order of the lab file. */
  readonly servers: readonly Server[];
  /** Pgpool-II servers in the order of the lab file. */
  readonly pools: readonly Pool[];
};

/** One PostgreSQL server and what it says about itself. */
export type Server = {
  readonly host: string;
  readonly address?: string | undefined;
  readonly view: ServerView;
};

/** What a server says about itself; `unknown`: it did not answer in time, or not to us. */
export type ServerView =
  | (Answer & { readonly kind: 'primary' })
  | (Answer & { readonly kind: 'standby'; readonly upstream?: Upstream | undefined })
  | Silence;

type Answer = {
  readonly timeline?: number | undefined;
  /** How far it has written, or, as a standby, applied the WAL. */
  readonly lsn?: string | undefined;
  readonly senders: readonly Sender[];
};

/** Why nothing is known of a server's own view. */
export type Silence =
  | { readonly kind: 'down'; readonly why: string }
  | { readonly kind: 'unknown'; readonly why: string };

/** A row of `pg_stat_replication`: to whom a server sends its WAL. */
export type Sender = {
  /** Host of the lab to which it goes; undefined when none has that address or name. */
  readonly host?: string | undefined;
  readonly name: string;
  readonly address?: string | undefined;
  readonly state: string;
  readonly sync: string;
  /** Bytes of WAL that the receiver has not yet applied. */
  readonly lag?: number | undefined;
};

/** `pg_stat_wal_receiver`: from whom a standby receives. */
export type Upstream = { readonly host?: string | undefined; readonly address: string; readonly status: string };

/** One Pgpool-II and what it says about the servers. */
export type Pool = {
  readonly host: string;
  readonly address?: string | undefined;
  readonly view: { readonly kind: 'up'; readonly nodes: readonly PoolNode[] } | Silence;
};

/** A row of `show pool_nodes`. */
export type PoolNode = {
  readonly host?: string | undefined;
  readonly node: number;
  readonly hostname: string;
  readonly port: string;
  readonly status: string;
  readonly role: string;
};

/** What Pgpool-II says of a host; undefined when it says nothing. */
export function nodeOf({ view }: Pool, host: string): PoolNode | undefined {
  return view.kind === 'up' ? view.nodes.find((node) => node.host === host) : undefined;
}

/** Whether a server answered about itself. */
export function isUp(view: ServerView): view is Exclude<ServerView, Silence> {
  return view.kind === 'primary' || view.kind === 'standby';
}
