import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loopback } from './own-origin.ts';

/** Where the server is when nobody says otherwise. */
export const defaultPort = 4646;
const tries = 100;

/** The port that was asked for, or any, is not to be had; the message says what to do. */
export class PortError extends Error {}

/** Binds the server to loopback; without a port to the default one or the next that is free. Returns the port. */
export async function listen(server: Server, port: number | undefined): Promise<number> {
  for (let candidate = port ?? defaultPort; ; candidate += 1) {
    try {
      server.listen({ host: loopback, port: candidate, exclusive: true });
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
      if (port !== undefined)
        throw new PortError(
          code === 'EACCES'
            ? `port ${port} is not allowed here\nchoose one above 1023`
            : `port ${port} is taken\nchoose another one, or none: then the next free one from ${defaultPort} on is used`,
        );
      if (candidate >= defaultPort + tries)
        throw new PortError(`no port from ${defaultPort} to ${candidate} is free\nend what listens there`);
    }
  }
}
