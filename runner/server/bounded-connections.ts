import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Keeps the number of TCP connections bounded. */
export type BoundedConnections = {
  /** A request with a session came over this connection: it goes only when there is no other to close. */
  known(socket: Socket): void;
  /** The connection became a WebSocket, which is counted elsewhere. */
  released(socket: Socket): void;
};

/**
 * Above `limit` the oldest connection without a session makes room. Were the newest refused instead, whoever holds `limit`
 * silent connections would lock the reader out.
 */
export function boundConnections(server: Server, limit: number): BoundedConnections {
  const strangers = new Set<Socket>();
  const acquaintances = new Set<Socket>();
  const forget = (socket: Socket): void => {
    strangers.delete(socket);
    acquaintances.delete(socket);
  };
  server.on('connection', (socket: Socket) => {
    strangers.add(socket);
    socket.once('close', () => forget(socket));
    if (strangers.size + acquaintances.size <= limit) return;
    const [oldest] = strangers.size > 1 ? strangers : acquaintances;
    if (!oldest) return;
    forget(oldest);
    oldest.destroy();
  });
  // Closed connections are counted until the kernel has let go of them, hence the slack.
  server.maxConnections = limit * 4;
  return {
    known(socket) {
      if (strangers.delete(socket)) acquaintances.add(socket);
    },
    released: forget,
  };
}
