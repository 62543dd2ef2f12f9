import type { DatabaseSession } from '../databases/database-session.ts';
import type { Lab } from '../labs/lab.ts';
import { openLabDatabase } from '../runbooks/open-lab-database.ts';
import type { Session } from '../sessions/session.ts';
import { SharedSession } from './shared-session.ts';

/** A lab's connections for steps in SQL. As its shells they live on over runs, with what a step has begun on them. */
export class LabDatabases {
  readonly #lab: Lab;
  readonly #sessions = new Map<string, DatabaseSession>();

  constructor(lab: Lab) {
    this.#lab = lab;
  }

  /** The connection to a database of a host, as a run gets it; a new one where there is none or the last one is gone. */
  async session(host: string, database: string, signal: AbortSignal): Promise<Session> {
    const key = `${host}\n${database}`;
    const known = this.#sessions.get(key);
    if (known !== undefined && known.over === undefined) return new SharedSession(known);
    await known?.close();
    const session = await openLabDatabase(this.#lab, host, { database, signal });
    this.#sessions.set(key, session);
    return new SharedSession(session);
  }

  /** Database of steps in SQL on a host that name none; undefined: there is none, or the host is down. */
  nameOn(host: string): string | undefined {
    try {
      return this.#lab.database(host)?.name;
    } catch {
      return undefined;
    }
  }

  /** Ends all of them. */
  async end(): Promise<void> {
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    await Promise.all(sessions.map((session) => session.close()));
  }
}
