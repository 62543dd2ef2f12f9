import type { ClientMessage } from '../../core/protocol/client-message.ts';
import type { ServerMessage } from '../../core/protocol/server-message.ts';

/** One page's connection as the logic behind it sees it. */
export interface Connection {
  readonly id: string;
  send(message: ServerMessage): void;
  /** Bytes sent but not yet taken by the network. */
  buffered(): number;
  close(code: number, why: string): void;
}

/** What is behind the server. */
export interface Live {
  /** A page is connected; its first message, `hello`, comes next. */
  connected(connection: Connection): Visitor;
  close(): Promise<void>;
}

/** What a page's messages go to. After `gone` nothing comes any more. */
export interface Visitor {
  receive(message: ClientMessage): void;
  gone(): void;
}
