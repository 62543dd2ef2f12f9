import { IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

// Browsers wait for an answer before they ask again on the same connection. Node would parse all that comes, some thousand
// requests in one piece, and keep every one until the connection is closed: hundreds of megabytes from a few hundred clients.
const answering = new WeakSet<Duplex>();

/** Whether a request of this connection waits for its answer: what else comes meanwhile is refused. */
export function isAnswering(socket: Duplex): boolean {
  return answering.has(socket);
}

/** Notes that a request is being answered. */
export function noteAnswering({ socket }: IncomingMessage, response: ServerResponse): void {
  answering.add(socket);
  response.once('close', () => answering.delete(socket));
}

/**
 * A request that looks like an upgrade while another one of its connection is being answered, since that is where Node's
 * parser stops: the rest of what came is not even parsed, and `upgrade` is where it is refused.
 */
export class OneRequestAtATime extends IncomingMessage {
  // Without an initialiser, which would undo what Node's own constructor sets through the setter.
  declare private asked: boolean | null;

  get upgrade(): boolean | null {
    return this.asked;
  }

  // Node sets it when it has read the head, and asks for it when it decides whether to read on.
  set upgrade(asked: boolean | null) {
    this.asked = asked || isAnswering(this.socket);
  }
}
