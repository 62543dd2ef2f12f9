import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { WebSocket } from 'ws';
import type { ClientMessage } from '../../core/protocol/client-message.ts';
import { protocolVersion } from '../../core/protocol/client-message.ts';
import type { Connection, Live } from '../../runner/server/connection.ts';
import type { Limits } from '../../runner/server/limits.ts';
import { type RunningServer, startServer } from '../../runner/server/start-server.ts';
import { Wire } from './wire.ts';

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

/** A real server with a small site, and what attackers and honest readers do to it. */
export class Target extends Wire {
  readonly folder: string;
  readonly server: RunningServer;
  /** Pages, in the order in which they said hello. */
  readonly seen: Seen[];
  /** Mistakes of our own that an attack brought to light. */
  readonly faults: unknown[];

  private constructor(folder: string, server: RunningServer, seen: Seen[], faults: unknown[]) {
    super(Number(new URL(server.origin).port));
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

  /** Lets an honest browser in and returns its Cookie header. */
  enter(): Promise<string> {
    return this.use(this.server.newEntry());
  }

  /** A page of an honest browser. */
  async page(cookie?: string): Promise<WebSocket> {
    const socket = await this.socket({ Cookie: cookie ?? (await this.enter()), Origin: this.origin });
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
    this.hangUp();
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
