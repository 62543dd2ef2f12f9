import { createServer, type Server } from 'node:http';
import type { Live } from './connection.ts';
import { createGate } from './gate.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { listen } from './listen.ts';
import { realFolder } from './locate.ts';
import { OneRequestAtATime } from './one-at-a-time.ts';
import { loopback } from './own-origin.ts';
import { readScriptHashes } from './script-hashes.ts';
import { sitePolicy } from './security-headers.ts';
import { serveSite } from './site.ts';

/** What the web server needs. */
export type ServerSettings = {
  /** Folder of the built site. */
  readonly site: string;
  readonly live: Live;
  /** Must be free; none: the default port or the next free one. */
  readonly port?: number | undefined;
  /** Makes a secret of 256 bits. */
  readonly tokens?: () => string;
  readonly limits?: Partial<Limits>;
  /** Told of a mistake of our own while a request or a message was served; the server goes on. */
  readonly onFault?: (error: unknown) => void;
  /** Aborted: the server closes. */
  readonly signal?: AbortSignal;
};

/** A web server that runs. */
export type RunningServer = {
  readonly origin: string;
  /** Address that lets one browser in, once. */
  readonly entry: string;
  /** A new such address; the one before works no more. The reader lands on `to`. */
  newEntry(to?: string): string;
  /** Ends all connections; a second call waits for the same end. */
  close(): Promise<void>;
};

/** Serves the built site and its WebSocket on loopback. */
export async function startServer(settings: ServerSettings): Promise<RunningServer> {
  const { live, signal, onFault = () => undefined } = settings;
  const limits = { ...defaultLimits, ...settings.limits };
  const site = await realFolder(settings.site);
  const policy = sitePolicy(readScriptHashes(site));
  signal?.throwIfAborted();

  const settingsOfNode = {
    IncomingMessage: OneRequestAtATime,
    maxHeaderSize: 16 * 1024,
    // Node looks for late requests only this often.
    connectionsCheckingInterval: Math.min(1000, limits.headMs),
    // The gate judges a missing name as it does a wrong one.
    requireHostHeader: false,
  };
  const server = createServer(settingsOfNode, (request, response) => {
    serveSite(site, request, response).catch((error) => {
      // A reader that went away in the middle of a file is no mistake.
      if (!response.destroyed) onFault(error);
      response.destroy();
    });
  });
  // Files are at hand, so a connection on which nothing moves for so long has a reader who takes nothing.
  server.timeout = limits.headMs * 2;
  let port = 0;
  const { tokens } = settings;
  const gate = createGate({ port: () => port, live, policy, limits, onFault, ...(tokens ? { tokens } : {}) });
  gate.attach(server);
  try {
    port = await listen(server, settings.port);
  } catch (error) {
    await gate.close();
    throw error;
  }

  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    signal?.removeEventListener('abort', close);
    closed ??= Promise.all([gate.close(), end(server)]).then(() => undefined);
    return closed;
  };
  signal?.addEventListener('abort', close);
  return { origin: `http://${loopback}:${port}`, entry: gate.newEntry(), newEntry: gate.newEntry, close };
}

/** Stops listening at once and closes what is no WebSocket; resolves when the last connection is closed. */
function end(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
