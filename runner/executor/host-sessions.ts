import type { Session } from '../sessions/session.ts';
import { keyOf, type Place, sessionOf } from './place.ts';

/** One session for each place of a run, opened when first needed. */
export class HostSessions {
  readonly #open: (place: Place, name: string) => Promise<Session>;
  readonly #sessions = new Map<string, Session>();
  /** Keys of places whose session must be the one that is there already. */
  readonly #begun: ReadonlySet<string>;
  /** Keys of places where the session of the earlier steps is gone. */
  readonly #lost = new Set<string>();

  constructor(open: (place: Place, name: string) => Promise<Session>, begun: ReadonlySet<string>) {
    this.#open = open;
    this.#begun = begun;
  }

  /** The place's session. Rejects when it is gone: in a new one the next command would run somewhere else. */
  async of(place: Place): Promise<Session> {
    const key = keyOfPlace(place);
    const known = this.#sessions.get(key);
    if (known) return known;
    if (this.#lost.has(key)) throw new Error(goneText(place));
    const session = await this.#open(place, sessionOf(place));
    this.#sessions.set(key, session);
    // A new shell still knows how the last command of the one before it ended.
    if (this.#begun.has(key) && !session.takenUp) this.#lost.add(key);
    return session;
  }

  /** Whether steps may run there: not in another session than the earlier ones. */
  mayRun(place: Place): boolean {
    return !this.#lost.has(keyOfPlace(place));
  }

  /** Closes a session that is gone or in doubt. */
  async forget(place: Place): Promise<void> {
    await this.#forget(keyOfPlace(place));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#sessions.keys()].map((key) => this.#forget(key)));
  }

  async #forget(key: string): Promise<void> {
    const session = this.#sessions.get(key);
    this.#sessions.delete(key);
    if (session) this.#lost.add(key);
    await session?.close();
  }
}

/** What is gone with a place's session. */
export function goneText({ database }: Place): string {
  return database === undefined
    ? 'the shell in which the earlier steps ran is gone, and with it its directory and variables; look at the host, then start over or go on with --from'
    : 'the connection on which the earlier steps ran is gone, and with it its settings, temporary tables and open transaction; look at the database, then start over or go on with --from';
}

function keyOfPlace(place: Place): string {
  return keyOf(place.host, sessionOf(place));
}
