import type { Session } from '../sessions/session.ts';

/** One session for each host of a run, opened when first needed. */
export class HostSessions {
  readonly #open: (host: string, name: string) => Promise<Session>;
  readonly #sessions = new Map<string, Session>();

  constructor(open: (host: string, name: string) => Promise<Session>) {
    this.#open = open;
  }

  /** The host's session; after `forget` a new one. */
  async of(host: string): Promise<Session> {
    const known = this.#sessions.get(host);
    if (known) return known;
    const session = await this.#open(host, 'steps');
    this.#sessions.set(host, session);
    return session;
  }

  /** Closes a session whose shell is gone or in doubt. */
  async forget(host: string): Promise<void> {
    const session = this.#sessions.get(host);
    this.#sessions.delete(host);
    await session?.close();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#sessions.keys()].map((host) => this.forget(host)));
  }
}
