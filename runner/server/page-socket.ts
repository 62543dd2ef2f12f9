import type { RawData, WebSocket } from 'ws';
import type { ServerMessage } from '../../core/protocol/server-message.ts';
import type { Connection, Live, Visitor } from './connection.ts';
import type { Limits } from './limits.ts';
import { createRate, type Rate } from './message-rate.ts';
import { closeCode, readMessage } from './read-message.ts';

/** What a page's socket needs of its surroundings. */
export type PageSocketSettings = {
  readonly live: Live;
  readonly limits: Limits;
  /** A mistake of our own behind the server: this page is cut off, the others go on. */
  readonly onFault: (error: unknown) => void;
};

/** One page's WebSocket: lets only valid messages through, and ends with the page, its network, or its patience. */
export class PageSocket implements Connection {
  readonly id: string;
  readonly #socket: WebSocket;
  readonly #settings: PageSocketSettings;
  readonly #rate: Rate;
  readonly #hello: NodeJS.Timeout;
  #visitor: Visitor | undefined;
  #answering = true;
  #ended = false;

  constructor(id: string, socket: WebSocket, settings: PageSocketSettings) {
    this.id = id;
    this.#socket = socket;
    this.#settings = settings;
    const { limits } = settings;
    this.#rate = createRate(limits.messagesPerSecond, limits.messageBurst, () => performance.now());
    this.#hello = setTimeout(() => this.close(closeCode.policy, 'no hello in time'), limits.helloMs);
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    socket.on('ping', () => this.#mayGoOn());
    socket.on('pong', () => {
      this.#answering = this.#mayGoOn();
    });
    // `ws` closes the connection itself, with the code that fits; unhandled it would end the runner.
    socket.on('error', () => undefined);
    socket.once('close', () => this.#gone());
  }

  send(message: ServerMessage): void {
    if (this.#ended || this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.send(JSON.stringify(message));
    // A close frame would wait behind all of it.
    if (this.buffered() > this.#settings.limits.unsentBytes) this.terminate();
  }

  buffered(): number {
    return this.#socket.bufferedAmount;
  }

  close(code: number, why: string): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#hello);
    this.#socket.close(code, cut(why));
  }

  /** Ends the connection without a word. */
  terminate(): void {
    this.#ended = true;
    clearTimeout(this.#hello);
    this.#socket.terminate();
  }

  /** Asks whether the page is still there; ends the connection when it has not answered the last time. */
  ping(): void {
    if (!this.#answering) {
      this.terminate();
      return;
    }
    this.#answering = false;
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (!this.#mayGoOn()) return;
    if (isBinary) {
      this.close(closeCode.unsupportedData, 'only text frames');
      return;
    }
    const reading = readMessage(data.toString());
    if (reading.kind === 'refused') {
      this.send(reading.reply);
      this.close(reading.code, reading.why);
      return;
    }
    const { message } = reading;
    if (!this.#visitor && message.kind !== 'hello') {
      this.close(closeCode.policy, 'the first message is not hello');
      return;
    }
    clearTimeout(this.#hello);
    this.#guard(() => {
      this.#visitor ??= this.#settings.live.connected(this);
      this.#visitor.receive(message);
    });
  }

  /** Whether one more frame of the page is taken. */
  #mayGoOn(): boolean {
    if (this.#ended) return false;
    if (this.#rate()) return true;
    this.close(closeCode.policy, 'too many messages');
    return false;
  }

  #gone(): void {
    this.#ended = true;
    clearTimeout(this.#hello);
    const visitor = this.#visitor;
    if (visitor) this.#guard(() => visitor.gone());
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#settings.onFault(error);
      this.close(closeCode.fault, 'a mistake in the runner');
    }
  }
}

/** A close frame has room for 123 bytes. */
function cut(why: string): string {
  let text = why.slice(0, 123);
  while (Buffer.byteLength(text) > 123) text = text.slice(0, -1);
  return text;
}
