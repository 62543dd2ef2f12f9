import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DatabaseAccess } from './access.ts';
import { Answer } from './answer.ts';
import { DatabaseProblem } from './database-problem.ts';
import type { IsolatedClient } from './isolated-client.ts';
import type { Road } from './road.ts';
import type { AnswerListener } from './server-message.ts';

/** A row by column name; values as the server writes them. */
export type Row = Readonly<Record<string, string | null>>;

/** How long a server may take to confirm the end of a connection, in milliseconds. */
const endLimit = 500;

/** What `pg` calls an unexpected termination. */
const closed = 'the server closed the connection';

/** A live connection to a database. Made by `connectDatabase`. */
export class DatabaseConnection {
  readonly host: string;
  readonly kind: DatabaseAccess['kind'];
  /** The database's name. */
  readonly name: string;
  readonly #client: IsolatedClient;
  readonly #stream: Duplex;
  readonly #road: Road;
  readonly #lost = Promise.withResolvers<string>();
  #why: string | undefined;

  constructor(parts: {
    readonly access: DatabaseAccess;
    readonly name: string;
    readonly client: IsolatedClient;
    readonly stream: Duplex;
    readonly road: Road;
  }) {
    this.host = parts.access.host;
    this.kind = parts.access.kind;
    this.name = parts.name;
    this.#client = parts.client;
    this.#stream = parts.stream;
    this.#road = parts.road;
    this.#client.on('error', ({ message }: Error) =>
      this.#lose(this.#road.gone() ?? (message === 'Connection terminated unexpectedly' ? closed : message)),
    );
    this.#client.once('end', () => this.#lose(this.#road.gone() ?? closed));
  }

  /** Why the connection is gone; undefined while it is there. */
  get gone(): string | undefined {
    return this.#why;
  }

  /** The server's major version, if it said it. */
  get serverMajor(): number | undefined {
    return this.#client.serverMajor;
  }

  /** Number of the server process that answers; Pgpool-II's is not PostgreSQL's. */
  get process(): number {
    return this.#client.processID;
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

  /**
   * Sends a text of one or more statements as one query, which is one transaction unless the text itself begins and ends
   * some, and tells what the server answers. Resolves when the server is ready again (true) or the connection is gone.
   */
  async tell(text: string, listener: AnswerListener): Promise<boolean> {
    if (this.#why !== undefined) return false;
    const { ended } = this.#client.query(new Answer(text, listener));
    return Promise.race([ended.then(() => true), this.#lost.promise.then(() => false)]);
  }

  /** Asks the server to end the statement under way, on a connection of its own as the protocol wants it. */
  async cancel(signal: AbortSignal): Promise<void> {
    const stream = await this.#road.open(signal);
    try {
      const { processID, secretKey } = this.#client;
      const request = Buffer.alloc(16);
      // CancelRequest: length, code 1234 5678, whose connection, its secret.
      for (const [index, part] of [16, 80_877_102, processID, secretKey].entries())
        request.writeInt32BE(part, 4 * index);
      stream.resume().end(request);
      // The server closes it when it has passed the request on: only then it can no longer hit a later statement.
      await once(stream, 'close', { signal });
    } finally {
      stream.destroy();
    }
  }

  /** Ends the connection, also in the middle of a statement. */
  async close(): Promise<void> {
    this.#why ??= 'this runner closed the connection';
    // A server that does not answer any more does not confirm the end either.
    await Promise.race([this.#client.end().catch(() => undefined), sleep(endLimit, undefined, { ref: false })]);
    this.#stream.destroy();
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
