import type { Pool } from '../../core/topology/model.ts';
import type { DatabaseConnection } from '../databases/database-connection.ts';
import type { FindHost } from './who-is-who.ts';

/** Asks a Pgpool-II what it takes its nodes for. It answers by itself: no server is asked. */
export async function askPool(connection: DatabaseConnection, find: FindHost): Promise<Pool['view']> {
  const rows = await connection.query('show pool_nodes');
  const nodes = rows.map(({ node_id, hostname, port, status, role }) => {
    const host = find(hostname ?? undefined);
    return {
      ...(host === undefined ? {} : { host }),
      node: Number(node_id),
      hostname: hostname ?? '',
      port: port ?? '',
      status: status ?? '',
      role: role ?? '',
    };
  });
  return { kind: 'up', nodes };
}
