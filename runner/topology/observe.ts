import type { Pool, Server, Silence, Topology } from '../../core/topology/model.ts';
import type { DatabaseAccess } from '../databases/access.ts';
import { connectDatabase } from '../databases/connect.ts';
import type { DatabaseConnection } from '../databases/database-connection.ts';
import type { Lab } from '../labs/lab.ts';
import { askPool } from './ask-pool.ts';
import { askServer } from './ask-server.ts';
import { type FindHost, whoIsWho } from './who-is-who.ts';

/** How long one host may take to answer, in milliseconds; the others do not wait for it. */
const patience = 2000;

/** Hosts of a lab whose database servers can be asked, whether they are up or not. */
export function databaseHosts(lab: Lab): readonly string[] {
  return lab.hosts.filter((host) => lab.databaseKind(host) !== undefined);
}

/** What hosts have said, by their names. */
export type Answers = ReadonlyMap<string, Server['view'] | Pool['view']>;

/** Looks who is what among a lab's database servers. Rejects only when the signal is aborted. */
export async function observe(lab: Lab, signal: AbortSignal): Promise<Topology> {
  const find = whoIsWho(lab);
  const answers = await Promise.all(
    databaseHosts(lab).map(async (host) => [host, await askHost(lab, host, find, signal)] as const),
  );
  signal.throwIfAborted();
  return topologyOf(lab, new Map(answers));
}

/** Asks one host who it is; a host that does not answer is no error. */
export function askHost(
  lab: Lab,
  host: string,
  find: FindHost,
  signal: AbortSignal,
): Promise<Server['view'] | Pool['view']> {
  return lab.databaseKind(host) === 'pgpool'
    ? ask(lab, host, askPool, find, signal)
    : ask(lab, host, askServer, find, signal);
}

/** Puts together what hosts have said. */
export function topologyOf(lab: Lab, answers: Answers): Topology {
  const silent: Silence = { kind: 'unknown', why: 'not yet answered' };
  const of = <V>(kind: DatabaseAccess['kind']) =>
    lab.hosts
      .filter((host) => lab.databaseKind(host) === kind)
      .map((host) => {
        const address = lab.address(host);
        const view = (answers.get(host) ?? silent) as V;
        return { host, ...(address === undefined ? {} : { address }), view };
      });
  return { at: new Date().toISOString(), servers: of<Server['view']>('postgresql'), pools: of<Pool['view']>('pgpool') };
}

/**
 * Each question has a connection of its own that ends with it: one that stayed would keep a server or a Pgpool-II from
 * ending in smart mode.
 */
async function ask<V>(
  lab: Lab,
  host: string,
  question: (connection: DatabaseConnection, find: FindHost) => Promise<V>,
  find: FindHost,
  signal: AbortSignal,
): Promise<V | Silence> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
  let connection: DatabaseConnection | undefined;
  try {
    const access = lab.database(host);
    if (!access) return { kind: 'unknown', why: 'the lab file names no database' };
    connection = await connectDatabase(access, {
      applicationName: 'tejun topology',
      signal: limit,
      timeoutMs: patience,
    });
    return await before(limit, question(connection, find));
  } catch (error) {
    return silence(host, error, limit);
  } finally {
    // Nobody has to wait until the server has said goodbye.
    void connection?.close();
  }
}

function before<T>(limit: AbortSignal, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(limit.reason);
    limit.addEventListener('abort', stop, { once: true });
    answer.then(resolve, reject).finally(() => limit.removeEventListener('abort', stop));
  });
}

function silence(host: string, error: unknown, limit: AbortSignal): Silence {
  if (limit.aborted) return { kind: 'unknown', why: `no answer within ${patience / 1000} s` };
  const message = error instanceof Error ? error.message : String(error);
  const why = (message.split('\n')[0] ?? '').replace(`host ${host}`, '').replace(/^[,:]? */, '');
  return { kind: isDown.test(message) ? 'down' : 'unknown', why };
}

// What `connectDatabase` says of a server that is not there, and a server of itself while it comes or goes.
const isDown =
  /there is none|nobody listens|refused|is (?:gone|down)|not up|the database system is (?:starting up|shutting down|in recovery mode|not yet accepting)/i;
