import { mkdirSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';

const socketName = '.s.PGSQL.5432';

/** A query as a client sent it, and the data that it gave to each `copy … from stdin` of it. */
type Query = { readonly text: string; readonly copies: Buffer[] };

/**
 * Stands between clients and a server, and writes down the queries of the simple protocol by the client's
 * `application_name`. What psql makes of variables, `\;` and its own commands is in them as the server gets it.
 */
export class StatementRecorder {
  readonly #queries = new Map<string, Query[]>();
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Listens in `folder` for clients of the server whose socket is in `behind`. */
  static async start(folder: string, behind: string): Promise<StatementRecorder> {
    mkdirSync(folder);
    const server = createServer();
    const recorder = new StatementRecorder(server);
    server.on('connection', (client) => recorder.#relay(client, connect(join(behind, socketName))));
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    server.once('error', reject).listen(join(folder, socketName), resolve);
    await promise;
    return recorder;
  }

  close(): void {
    this.#server.close();
  }

  /** The statements of a client; those that copy from standard input copy from files in `folder` instead. */
  statementsOf(name: string, folder: string): readonly string[] {
    let count = 0;
    return (this.#queries.get(name) ?? []).map(({ text, copies }) => {
      const files = copies.map((data) => {
        const file = join(folder, `${name.replace(/\W/g, '-')}-${++count}.data`);
        writeFileSync(file, data);
        return file;
      });
      // PostgreSQL takes `from stdout` for the same.
      return text.replace(/\bfrom\s+(?:stdin|stdout)\b/gi, (words) => {
        const file = files.shift();
        return file === undefined ? words : `from '${file}'`;
      });
    });
  }

  #relay(client: Socket, server: Socket): void {
    let rest = Buffer.alloc(0);
    let queries: Query[] | undefined;
    let data: Buffer[] = [];
    const take = (type: string, body: Buffer): void => {
      const last = queries?.at(-1);
      if (type === 'Q') queries?.push({ text: body.subarray(0, -1).toString('utf8'), copies: [] });
      else if (type === 'd') data.push(Buffer.from(body));
      else if (type === 'c' || type === 'f') {
        last?.copies.push(Buffer.concat(data));
        data = [];
      }
    };
    client.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      for (;;) {
        const lead = queries === undefined ? 0 : 1;
        if (rest.length < lead + 4 || rest.length < lead + rest.readInt32BE(lead)) break;
        const end = lead + rest.readInt32BE(lead);
        const body = rest.subarray(lead + 4, end);
        if (lead === 0) queries = this.#begin(body);
        else take(String.fromCharCode(rest[0] ?? 0), body);
        rest = rest.subarray(end);
      }
      server.write(chunk);
    });
    server.on('data', (chunk) => client.write(chunk));
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on('end', () => other.end());
      one.on('error', () => other.destroy());
    }
  }

  /** The list of the client whose first message this is. One that connects again goes on as if its connection were new. */
  #begin(startup: Buffer): Query[] {
    const words = startup.subarray(4).toString('utf8').split('\0');
    const setting = (name: string): string => words[words.indexOf(name) + 1] ?? '';
    const name = setting('application_name');
    const queries = this.#queries.get(name);
    if (queries !== undefined) {
      const user = setting('user').replaceAll('"', '""');
      for (const text of ['rollback', 'discard all', `set session authorization "${user}"`])
        queries.push({ text, copies: [] });
      return queries;
    }
    const begun: Query[] = [];
    this.#queries.set(name, begun);
    return begun;
  }
}
