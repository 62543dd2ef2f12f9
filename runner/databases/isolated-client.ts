import type { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import pg from 'pg';
import { readSecret } from '../sessions/ssh/secret.ts';
import type { DatabaseAccess } from './access.ts';
import { DatabaseProblem } from './database-problem.ts';

/** A setting that the server reports. */
type Setting = { readonly parameterName: string; readonly parameterValue: string };

/** What a client is, besides its access. */
export type ClientSettings = { readonly name: string; readonly applicationName: string };

/**
 * A client of `pg` on a stream that is connected already. Whatever `pg` would take from the environment or a password
 * file is said here, so that nothing but the lab's file decides where it goes and as whom.
 */
export class IsolatedClient extends pg.Client {
  /** Which server process answers us, and what proves that a request to cancel is ours; `pg` sets them. */
  declare readonly processID: number;
  declare readonly secretKey: number;
  #serverVersion = '';
  readonly #startup: Readonly<Record<string, string>>;

  constructor({ host, user, password }: DatabaseAccess, { name, applicationName }: ClientSettings, stream: Duplex) {
    super({
      user,
      database: name,
      // Only to be there: the stream is connected.
      host: '127.0.0.1',
      port: 1,
      password: () => {
        if (password !== undefined) return readSecret(password, `the password of ${user} on ${host}`);
        const what = `host ${host} asks for the password of ${user}, and the lab file does not say where it is`;
        throw new DatabaseProblem(
          'configuration',
          what,
          'write `password_from: env:…` or `file:…` into its `database`',
        );
      },
      ssl: false,
      sslnegotiation: 'postgres',
      types: { getTypeParser: (() => (value: unknown) => value) as never },
      stream: () => alreadyConnected(stream),
    });
    this.#startup = { user, database: name, application_name: applicationName, client_encoding: 'UTF8' };
    const { connection } = this as unknown as { connection: EventEmitter };
    connection.on('parameterStatus', ({ parameterName, parameterValue }: Setting) => {
      if (parameterName === 'server_version') this.#serverVersion = parameterValue;
    });
  }

  /** The server's major version; undefined while it has not said it. */
  get serverMajor(): number | undefined {
    return Number.parseInt(this.#serverVersion, 10) || undefined;
  }

  /** What `pg` sends first of all. Its own method would add PGOPTIONS and the like. */
  getStartupConf(): Readonly<Record<string, string>> {
    return this.#startup;
  }
}

/** `pg` connects its stream itself; this one has been. */
function alreadyConnected(stream: Duplex): Duplex {
  return Object.assign(stream, {
    setNoDelay: () => stream,
    connect: () => void process.nextTick(() => stream.emit('connect')),
    ref: () => stream,
    unref: () => stream,
  });
}
