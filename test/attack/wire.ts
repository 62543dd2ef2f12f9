import assert from 'node:assert/strict';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { WebSocket } from 'ws';

/** An answer as it came over the wire. */
export type Raw = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string };

/** A server on loopback as seen from the other end of the wire, where anything can be said. */
export class Wire {
  readonly port: number;
  readonly #sockets = new Set<Socket | WebSocket>();

  constructor(port: number) {
    this.port = port;
  }

  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  get origin(): string {
    return `http://${this.host}`;
  }

  /** Comes in by an entry address and returns the browser's Cookie header. */
  async use(entry: string): Promise<string> {
    const { status, headers } = await this.get(entry.slice(this.origin.length));
    assert.equal(status, 200);
    const [cookie = ''] = headers['set-cookie'] ?? [];
    return cookie.split(';', 1)[0] ?? '';
  }

  /** Asks for `path`, which goes into the request line as it is. */
  get(path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET'): Promise<Raw> {
    return new Promise((resolve, reject) => {
      const asked = request(
        { host: '127.0.0.1', port: this.port, path, headers, method, agent: false },
        async (response) => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: await text(response) });
        },
      );
      asked.on('error', reject).end();
    });
  }

  /** Sends bytes over a bare connection and returns everything that comes until the server closes or resets it. */
  raw(bytes: string): Promise<string> {
    const socket = this.connect();
    let answer = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
    });
    // Not `end`: Node gives no late answer to who has closed their half.
    socket.write(bytes);
    return new Promise((resolve) => socket.once('close', () => resolve(answer)));
  }

  /** A bare connection, closed at the latest by `close`. */
  connect(): Socket {
    const socket = connect({ host: '127.0.0.1', port: this.port });
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    return socket;
  }

  /** Opens the pages' WebSocket with these headers; resolves with the refusal's status when it was refused. */
  socket(
    headers: Readonly<Record<string, string>>,
    path = '/_tejun/socket',
    protocols: string[] = [],
  ): Promise<WebSocket | number> {
    const socket = new WebSocket(`ws://${this.host}${path}`, protocols, { headers, perMessageDeflate: false });
    this.#sockets.add(socket);
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(socket));
      socket.once('unexpected-response', (asked, response) => {
        resolve(response.statusCode ?? 0);
        asked.destroy();
      });
      socket.once('error', reject);
    });
  }

  /** Ends all connections without a word. */
  hangUp(): void {
    for (const socket of this.#sockets) socket instanceof WebSocket ? socket.terminate() : socket.destroy();
  }
}
