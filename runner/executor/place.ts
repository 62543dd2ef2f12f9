import { databaseSession, stepsSession } from '../../core/run/session-names.ts';

/** Where a step runs: in a host's shell, or on a connection to one of its databases. */
export type Place = { readonly host: string; readonly database: string | undefined };

/** What the run log calls the session of a place. */
export function sessionOf({ database }: Place): string {
  return database === undefined ? stepsSession : databaseSession(database);
}

/** Tells places apart. */
export function keyOf(host: string, session: string): string {
  return `${host}\n${session}`;
}

/** A place as a label. */
export function shownPlace({ host, database }: Place): string {
  return database === undefined ? host : `${host} · ${database}`;
}

/** A place as a message names it. */
export function placeText({ host, database }: Place): string {
  return database === undefined ? host : `database ${database} on ${host}`;
}
