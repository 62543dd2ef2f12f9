import type { Session } from '../sessions/session.ts';

const shellIsGone =
  'the shell in which the earlier steps ran is gone, and with it its directory and variables; look at the host, then start over or go on with --from';

/** One session for each host of a run, opened when first needed. */
export class HostSessions {
  readonly #open: (host: string, name: string) => Promise<Session>;
  readonly #sessions = new Map<string, Session>();
  /** Hosts whose session must be the one that is there already. */
  readonly #begun: ReadonlySet<string>;
  /** Hosts on which the shell of the earlier steps is gone. */
  readonly #lost = new Set<string>();

  constructor(open: (host: string, name: string) => Promise<Session>, begun: ReadonlySet<string>) {
    this.#open = open;
    this.#begun = begun;
  }

  /** The host's session. Rejects when its shell is gone: in a new one the next command would run somewhere else. */
  async of(host: string): Promise<Session> {
    const known = this.#sessions.get(host);
    if (known) return known;
    if (this.#lost.has(host)) throw new Error(shellIsGone);
    const session = await this.#open(host, 'steps');
    this.#sessions.set(host, session);
    // A new shell still knows how the last command of the one before it ended.
    if (this.#begun.has(host) && !session.takenUp) this.#lost.add(host);
    return session;
  }

  /** Whether steps may run there: not in another shell than the earlier ones. */
  mayRun(host: string): boolean {
    return !this.#lost.has(host);
  }

  /** Closes a session whose shell is gone or in doubt. */
  async forget(host: string): Promise<void> {
    const session = this.#sessions.get(host);
    this.#sessions.delete(host);
    if (session) this.#lost.add(host);
    await session?.close();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#sessions.keys()].map((host) => this.forget(host)));
  }
}
