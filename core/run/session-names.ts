/** Name of the session in which a host's steps run. */
export const stepsSession = 'steps';

const prefix = 'database ';

/** Name of the session in which steps in SQL run on a database. */
export function databaseSession(database: string): string {
  return prefix + database;
}

/** The database of such a session; undefined for a shell. */
export function databaseOfSession(session: string): string | undefined {
  return session.startsWith(prefix) ? session.slice(prefix.length) : undefined;
}
