import { SshError } from '../sessions/ssh/ssh-error.ts';
import type { DatabaseAccess } from './access.ts';
import { checkCluster } from './check-cluster.ts';
import { DatabaseConnection } from './database-connection.ts';
import { DatabaseProblem } from './database-problem.ts';
import { IsolatedClient } from './isolated-client.ts';
import { openRoad } from './road.ts';

export type ConnectOptions = {
  /** Database; undefined: the one of the lab file. */
  readonly name?: string | undefined;
  /** How the server's views call the connection. */
  readonly applicationName?: string;
  readonly signal?: AbortSignal;
  /** Within which the connection has to stand, in milliseconds. */
  readonly timeoutMs?: number;
};

/** Connects to the database server on a host. Rejects with a `DatabaseProblem`, an `SshError`, or the signal's reason. */
export async function connectDatabase(
  access: DatabaseAccess,
  options: ConnectOptions = {},
): Promise<DatabaseConnection> {
  const { name = access.name, applicationName = 'tejun', timeoutMs = 10_000 } = options;
  const limit = new AbortController();
  const late = `host ${access.host}: its database server does not answer within ${timeoutMs / 1000} s`;
  const timer = setTimeout(
    () => limit.abort(new DatabaseProblem('reach', late, 'is it starting, or are all its connections taken?')),
    timeoutMs,
  );
  const signal = AbortSignal.any([limit.signal, ...(options.signal ? [options.signal] : [])]);
  try {
    signal.throwIfAborted();
    const road = await openRoad(access, signal);
    try {
      const stream = await road.open(signal);
      const give = (): void => void stream.destroy(new Error('given up'));
      signal.addEventListener('abort', give, { once: true });
      try {
        const client = new IsolatedClient(access, { name, applicationName }, stream);
        // A client that is given up here tells of its end as of an error, and nobody else would listen.
        client.on('error', () => {});
        await client.connect();
        signal.throwIfAborted();
        if (access.way.kind === 'loopback' && access.way.cluster !== undefined) {
          const { rows } = await client.query<{ id: string }>(
            'select system_identifier as id from pg_control_system()',
          );
          checkCluster(access.host, access.way.cluster, rows[0]?.id ?? '');
        }
        return new DatabaseConnection({ access, name, client, stream, road });
      } catch (error) {
        stream.destroy();
        throw signal.aborted ? signal.reason : explain(access, name, error);
      } finally {
        signal.removeEventListener('abort', give);
      }
    } catch (error) {
      road.close();
      throw error;
    }
  } finally {
    clearTimeout(timer);
  }
}

function explain({ host, user, kind }: DatabaseAccess, name: string, error: unknown): unknown {
  if (error instanceof DatabaseProblem || error instanceof SshError) return error;
  const { message, code } = error as Error & { code?: string };
  const place = `host ${host}, database ${name} as ${user}`;
  // PostgreSQL's class 28 and SCRAM's own complaints: who we are; 3D000: what we want.
  if (code?.startsWith('28') || /^SASL:/.test(message))
    return new DatabaseProblem('login', `${place}: ${message}`, 'see `user` and `password_from` of its `database`');
  if (code === '3D000')
    return new DatabaseProblem('login', `${place}: ${message}`, 'see `name` of its `database`, or `db=` of the step');
  const hint = kind === 'pgpool' ? 'does Pgpool-II reach its nodes?' : "see the server's log";
  return new DatabaseProblem('reach', `${place}: ${message}`, hint);
}
