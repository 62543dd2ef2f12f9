import type { DatabaseAccess } from './access.ts';
import { DatabaseProblem } from './database-problem.ts';
import type { IsolatedClient } from './isolated-client.ts';
import type { Road } from './road.ts';

/** A row by column name; values as the server writes them. */
export type Row = Readonly<Record<string, string | null>>;

/** A live connection to a database. Made by `connectDatabase`. */
export class DatabaseConnection {
  readonly host: string;
  /** The database's name. */
  readonly name: string;
  readonly #client: IsolatedClient;
  readonly #road: Road;
  readonly #lost = Promise.withResolvers<string>();
  #why: string | undefined;

  constructor(parts: {
    readonly access: DatabaseAccess;
    readonly name: string;
    readonly client: IsolatedClient;
    readonly road: Road;
  }) {
    this.host = parts.access.host;
    this.name = parts.name;
    this.#client = parts.client;
    this.#road = parts.road;
    this.#client.on('error', (error: Error) => this.#lose(error.message));
    this.#client.once('end', () => this.#lose('the server closed the connection'));
  }

  /** Why the connection is gone; undefined while it is there. */
  get gone(): string | undefined {
    return this.#why;
  }

  /** Resolves with the reason when the connection is gone, however that comes. */
  get lost(): Promise<string> {
    return this.#lost.promise;
  }

  /** Runs one statement and returns its rows, all values as text. One at a time. */
  async query(text: string, values: readonly string[] = []): Promise<readonly Row[]> {
    this.#refuseGone();
    const { rows } = await this.#client.query<Row>(text, [...values]);
    return rows;
  }

  /** Ends the connection, also in the middle of a statement. */
  async close(): Promise<void> {
    this.#why ??= 'this runner closed the connection';
    await this.#client.end().catch(() => undefined);
    this.#road.close();
    this.#lost.resolve(this.#why);
  }

  #refuseGone(): void {
    if (this.#why === undefined) return;
    throw new DatabaseProblem('reach', `host ${this.host}: the connection is gone: ${this.#why}`, 'connect again');
  }

  #lose(why: string): void {
    this.#why ??= why;
    this.#road.close();
    this.#lost.resolve(this.#why);
  }
}
