import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { messageLimit } from '../../core/protocol/client-message.ts';
import { PageSocket, type PageSocketSettings } from './page-socket.ts';
import { closeCode } from './read-message.ts';

/** A page that does not answer our close frame is cut off after this time, ms. */
const closeTimeout = 1000;

/** The WebSockets of all pages. */
export class SocketHub {
  readonly #settings: PageSocketSettings;
  readonly #pages = new Set<PageSocket>();
  readonly #pings: NodeJS.Timeout;
  readonly #server: WebSocketServer;
  #count = 0;
  #closing: { readonly done: () => void } | undefined;

  /** `refuse` answers an upgrade that is no proper WebSocket handshake. */
  constructor(settings: PageSocketSettings, refuse: (socket: Duplex) => void) {
    this.#settings = settings;
    // The types do not know `closeTimeout` yet, which a literal in the call would be refused for.
    const options = {
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      // The limit is in UTF-16 units, each of which takes at most three bytes.
      maxPayload: messageLimit * 3,
      handleProtocols: () => false as const,
      closeTimeout,
    };
    this.#server = new WebSocketServer(options);
    this.#server.on('wsClientError', (_error, socket) => refuse(socket));
    this.#pings = setInterval(() => {
      for (const page of this.#pages) page.ping();
    }, settings.limits.pingMs);
  }

  /** Whether there is room for one more page. */
  get hasRoom(): boolean {
    return !this.#closing && this.#pages.size < this.#settings.limits.sockets;
  }

  /** Takes over the connection of a request that was found good. */
  take(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      this.#count += 1;
      const page = new PageSocket(`page-${this.#count}`, webSocket, this.#settings);
      this.#pages.add(page);
      webSocket.once('close', () => {
        this.#pages.delete(page);
        if (this.#pages.size === 0) this.#closing?.done();
      });
    });
  }

  /** Tells every page that the runner goes, and waits until all connections are closed. */
  async close(): Promise<void> {
    clearInterval(this.#pings);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#closing = { done: resolve };
    if (this.#pages.size === 0) resolve();
    for (const page of this.#pages) page.close(closeCode.goingAway, 'the runner ends');
    await promise;
  }
}
