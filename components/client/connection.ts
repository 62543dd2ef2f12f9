import type { ClientMessage } from '../../core/protocol/client-message.ts';
import type { ServerMessage } from '../../core/protocol/server-message.ts';
import { reconnectDelay } from './reconnect-policy.ts';

/** How the page stands with the runner. */
export type ConnectionState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected' }
  /** Since when, as a date; the page goes on trying. */
  | { readonly kind: 'lost'; readonly since: number }
  /** The runner is there and does not know this page's token. */
  | { readonly kind: 'refused'; readonly since: number };

type Listener = {
  /** First message of each connection. */
  hello(): ClientMessage;
  message(message: ServerMessage): void;
  state(state: ConnectionState): void;
};

const path = '/_tejun/socket';

/** The line to the runner. It comes back by itself after every loss, at once when the network or the reader is back. */
export class Connection {
  readonly #listener: Listener;
  readonly #closed = new AbortController();
  #socket: WebSocket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #state: ConnectionState = { kind: 'connecting' };

  constructor(listener: Listener) {
    this.#listener = listener;
    const { signal } = this.#closed;
    window.addEventListener('online', () => this.#retryNow(), { signal });
    // A page that comes back from the browser's cache of pages has lost its socket without any word.
    window.addEventListener('pageshow', () => this.#retryNow(), { signal });
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.#retryNow(), {
      signal,
    });
    this.#connect();
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Sends a message; false when there is no connection. */
  send(message: ClientMessage): boolean {
    if (this.#state.kind !== 'connected' || this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /** Begins anew, with another `hello`. */
  restart(): void {
    this.#drop();
    this.#failures = 0;
    this.#connect();
  }

  close(): void {
    this.#closed.abort();
    this.#drop();
  }

  #connect(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}${path}`);
    this.#socket = socket;
    let opened = false;
    socket.addEventListener('open', () => {
      opened = true;
      socket.send(JSON.stringify(this.#listener.hello()));
    });
    socket.addEventListener('message', (event) => {
      if (this.#socket !== socket || typeof event.data !== 'string') return;
      const message = JSON.parse(event.data) as ServerMessage;
      if (message.kind === 'welcome') {
        this.#failures = 0;
        this.#become({ kind: 'connected' });
      }
      this.#listener.message(message);
    });
    socket.addEventListener('close', () => {
      if (this.#socket !== socket) return;
      this.#socket = undefined;
      void this.#failed(opened);
    });
  }

  /** `opened`: the runner took this connection before it was lost. */
  async #failed(opened: boolean): Promise<void> {
    this.#failures++;
    this.#timer = setTimeout(() => this.#connect(), reconnectDelay(this.#failures - 1, Math.random()));
    const since = 'since' in this.#state ? this.#state.since : Date.now();
    if (this.#state.kind !== 'refused') this.#become({ kind: 'lost', since });
    const refused = !opened && (await isRefused(this.#closed.signal));
    if (this.#socket === undefined && !this.#closed.signal.aborted) {
      this.#become({ kind: refused ? 'refused' : 'lost', since });
    }
  }

  #retryNow(): void {
    if (this.#socket !== undefined) return;
    this.#failures = 0;
    this.#connect();
  }

  #drop(): void {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }

  #become(state: ConnectionState): void {
    if (state.kind === this.#state.kind) return;
    this.#state = state;
    this.#listener.state(state);
  }
}

/** A browser does not tell why a WebSocket was refused; the same address tells an ordinary request. */
async function isRefused(signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(path, { cache: 'no-store', redirect: 'manual', signal });
    return response.status === 401 || response.status === 403;
  } catch {
    return false;
  }
}
