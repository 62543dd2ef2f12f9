import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type ClientOptions, WebSocket } from 'ws';
import type { ClientMessage } from '../../core/protocol/client-message.ts';
import { protocolVersion } from '../../core/protocol/client-message.ts';
import type { Connection, Live } from '../../runner/server/connection.ts';
import type { Limits } from '../../runner/server/limits.ts';
import { type RunningServer, startServer } from '../../runner/server/start-server.ts';

/** A secret that lies beside the site: no answer may ever hold it. */
export const outside = 'outside of the site';

const files: Readonly<Record<string, string>> = {
  'secret.txt': outside,
  'site/index.html':
    '<!DOCTYPE html><html lang="en"><head><title>Start</title></head><body>the start page</body></html>',
  'site/404.html': '<!DOCTYPE html><html lang="en"><body>no such page</body></html>',
  'site/operations/backup/index.html': '<!DOCTYPE html><html lang="en"><body>about backups</body></html>',
  'site/ja/複製/index.html': '<!DOCTYPE html><html lang="ja"><body>複製</body></html>',
  'site/_astro/page.abc123.js': 'export const answer = 42;\n',
  'site/recordings/postgres1.cast': '{"version":3}\n',
  'site/.hidden': outside,
  'site/empty.txt': '',
  'site/script-hashes.json': JSON.stringify(["'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"]),
};

/** What a page did, as what is behind the server saw it. */
export type Seen = {
  readonly connection: Connection;
  readonly messages: ClientMessage[];
  readonly gone: Promise<void>;
};

/** An answer as it came over the wire. */
export type Raw = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string };

/** A real server with a small site, and what attackers and honest readers do to it. */
export class Target {
  readonly folder: string;
  readonly server: RunningServer;
  /** Pages, in the order in which they said hello. */
  readonly seen: Seen[];
  /** Mistakes of our own that an attack brought to light. */
  readonly faults: unknown[];
  readonly #sockets = new Set<Socket | WebSocket>();

  private constructor(folder: string, server: RunningServer, seen: Seen[], faults: unknown[]) {
    this.folder = folder;
    this.server = server;
    this.seen = seen;
    this.faults = faults;
  }

  static async start(limits: Partial<Limits> = {}, live?: Live): Promise<Target> {
    const folder = mkdtempSync(join(tmpdir(), 'tejun-attack-'));
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    const seen: Seen[] = [];
    const faults: unknown[] = [];
    const server = await startServer({
      site: join(folder, 'site'),
      live: live ?? watching(seen),
      port: 0,
      limits,
      onFault: (error) => faults.push(error),
    });
    return new Target(folder, server, seen, faults);
  }

  get port(): number {
    return Number(new URL(this.server.origin).port);
  }

  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Lets an honest browser in and returns its Cookie header. */
  async enter(address = this.server.newEntry()): Promise<string> {
    const { status, headers } = await this.get(address.slice(this.server.origin.length));
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
    options: ClientOptions = {},
  ): Promise<WebSocket | number> {
    const socket = new WebSocket(`ws://${this.host}${path}`, { headers, perMessageDeflate: false, ...options });
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

  /** A page of an honest browser. */
  async page(cookie?: string): Promise<WebSocket> {
    const socket = await this.socket({ Cookie: cookie ?? (await this.enter()), Origin: this.server.origin });
    assert.ok(socket instanceof WebSocket, `refused with ${socket}`);
    return socket;
  }

  /** Fails unless an honest browser is served as ever, page and WebSocket. */
  async isWell(): Promise<void> {
    const cookie = await this.enter();
    const { status, body } = await this.get('/', { Cookie: cookie });
    assert.equal(status, 200);
    assert.match(body, /the start page/);
    const page = await this.page(cookie);
    const answer = new Promise((resolve) => page.once('message', (data) => resolve(JSON.parse(data.toString()).kind)));
    page.send(hello);
    assert.equal(await answer, 'welcome');
    page.terminate();
    assert.deepEqual(this.faults, []);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket instanceof WebSocket ? socket.terminate() : socket.destroy();
    await this.server.close();
    rmSync(this.folder, { recursive: true });
  }
}

/** The first message of an honest page. */
export const hello = JSON.stringify({ kind: 'hello', version: protocolVersion, runbook: 'operations/backup' });

/** How a WebSocket was closed. */
export function closing(socket: WebSocket): Promise<{ readonly code: number; readonly why: string }> {
  return new Promise((resolve) => socket.once('close', (code, why) => resolve({ code, why: why.toString() })));
}

/** Something behind the server that welcomes pages and notes what they say. */
function watching(seen: Seen[]): Live {
  return {
    connected(connection) {
      const { promise: gone, resolve } = Promise.withResolvers<void>();
      const page: Seen = { connection, messages: [], gone };
      seen.push(page);
      return {
        receive(message) {
          page.messages.push(message);
          if (message.kind === 'hello')
            connection.send({ kind: 'welcome', version: protocolVersion, labs: [], lab: undefined });
        },
        gone: resolve,
      };
    },
    close: async () => undefined,
  };
}
