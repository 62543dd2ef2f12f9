import { connect } from 'node:net';
import { Duplex, type Readable, type Writable } from 'node:stream';

/** What leads to a server. */
export type Way = {
  readonly stream: Duplex;
  /** What a command that leads there complained about; the end of it. */
  complaint(): Promise<string>;
  close(): void;
};

/** Goes straight to a port of a server. */
export function directWay(host: string, port: number): Way {
  const stream = connect({ host, port });
  return { stream, complaint: async () => '', close: () => void stream.destroy() };
}

/**
 * A pair of streams as a TCP socket would be: at its end when the far side is, and destroyed at once, whoever answers. A
 * forwarded channel of ssh2 waits for the server to confirm its end, which a server that is gone never does.
 */
export function socketOf(readable: Readable, writable: Writable): Duplex {
  const socket = new Duplex({
    read: () => void readable.resume(),
    write: (chunk: Buffer, _encoding, done) => void writable.write(chunk, () => done()),
    final: (done) => {
      writable.end();
      done();
    },
    destroy: (error, done) => {
      readable.destroy();
      writable.destroy();
      done(error);
    },
  });
  readable.on('data', (chunk: Buffer) => void (socket.push(chunk) || readable.pause()));
  readable.once('end', () => void socket.push(null));
  readable.once('close', () => void socket.push(null));
  socket.once('end', () => void socket.destroy());
  for (const each of [readable, writable]) each.on('error', (error) => void socket.destroy(error));
  return socket;
}
