import { databaseSession } from '../../core/run/session-names.ts';
import { isInSql } from '../../core/runbook/sql-step.ts';
import { type DatabaseSession, openDatabaseSession } from '../databases/database-session.ts';
import { noDatabase } from '../executor/prepare.ts';
import type { Lab } from '../labs/lab.ts';
import { hostsOf, type PlannedRun } from './planned-run.ts';

/** Connects to a database of a host of a lab for steps in SQL. */
export async function openLabDatabase(
  lab: Lab,
  host: string,
  options: { readonly database: string; readonly signal: AbortSignal },
): Promise<DatabaseSession> {
  const access = lab.database(host);
  if (access) return openDatabaseSession(access, databaseSession(options.database), options);
  throw new Error(noDatabase(host));
}

/** The databases of steps in SQL that name none, by host. */
export function databasesOf({ runbook, steps }: PlannedRun, lab: Lab): Readonly<Record<string, string>> {
  const hosts = hostsOf({ runbook, steps: steps.filter(isInSql) }, lab);
  const named = [...hosts].flatMap((host) => {
    const access = lab.database(host);
    return access ? [[host, access.name]] : [];
  });
  return Object.fromEntries(named);
}
