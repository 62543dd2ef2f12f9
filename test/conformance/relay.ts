import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A network of our own between two programs of this machine: it hands on, until it is told to fail. */
export class Relay {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #swallows = false;

  private constructor(server: Server, port: number, target: number) {
    this.port = port;
    this.#server = server;
    server.on('connection', (near) => {
      const far = connect(target, '127.0.0.1');
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(from);
        from.setNoDelay(true);
        from.on('data', (bytes) => void (this.#swallows || to.write(bytes)));
        from.on('error', () => undefined);
        from.on('close', () => void (this.#swallows || to.destroy()));
      }
    });
  }

  /** A relay to a port of this machine. */
  static async start(target: number): Promise<Relay> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    return new Relay(server, typeof address === 'object' ? (address?.port ?? 0) : 0, target);
  }

  /** From now on nothing comes through, and nobody is told. */
  swallow(): void {
    this.#swallows = true;
  }

  /** Resets all connections. */
  reset(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
