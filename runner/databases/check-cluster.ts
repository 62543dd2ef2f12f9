import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseProblem } from './database-problem.ts';

/**
 * Makes sure that the server which says that it is cluster `identifier` is the one whose files lie in `directory`: a port of
 * this machine may be any program's. Throws a `DatabaseProblem`.
 */
export function checkCluster(host: string, directory: string, identifier: string): void {
  const own = readIdentifier(host, directory);
  if (own === identifier) return;
  throw new DatabaseProblem(
    'reach',
    `what answers for host ${host} is another server: its cluster is ${identifier}, the host's is ${own}`,
    'does another program of this machine have the port? bring the lab down and up again',
  );
}

/** The system identifier that initdb chose, the first eight bytes of pg_control (src/include/catalog/pg_control.h). */
function readIdentifier(host: string, directory: string): string {
  try {
    return readFileSync(join(directory, 'global', 'pg_control'))
      .readBigUInt64LE(0)
      .toString();
  } catch {
    throw new DatabaseProblem(
      'reach',
      `host ${host} has no cluster whose files could be compared with the server that answers`,
      'make it with initdb where PGDATA says',
    );
  }
}
