import { lstatSync } from 'node:fs';
import { connect as connectSocket, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectSsh } from '../sessions/ssh/connect.ts';
import type { DatabaseAccess, DatabaseWay } from './access.ts';
import { DatabaseProblem } from './database-problem.ts';

/** An open way to a host, over which one can go to its database server again and again: to cancel, too. */
export interface Road {
  /** A stream that is connected to the server. */
  open(signal: AbortSignal): Promise<Duplex>;
  /** Why nothing goes over it any more; undefined while it is there. */
  gone(): string | undefined;
  close(): void;
}

/** Opens the way to a host's database server. Rejects with what is wrong. */
export async function openRoad({ host, way }: DatabaseAccess, signal: AbortSignal): Promise<Road> {
  switch (way.kind) {
    case 'socket':
      return { open: (until) => toSocket(host, way, until), gone: () => undefined, close: () => undefined };
    case 'loopback': {
      const { port } = way;
      const open = (until: AbortSignal) =>
        connected(connectSocket({ host: '127.0.0.1', port }), `host ${host}, port ${port} of this machine`, until);
      return { open, gone: () => undefined, close: () => undefined };
    }
    case 'ssh': {
      const connection = await connectSsh(way.server, signal);
      return {
        open: (until) => connection.forward(way.to, until),
        gone: () => connection.gone && `the connection to ${host} was lost (${connection.address}: ${connection.gone})`,
        close: () => connection.close(),
      };
    }
  }
}

async function toSocket(
  host: string,
  { path, within, isMeant }: Extract<DatabaseWay, { kind: 'socket' }>,
  signal: AbortSignal,
): Promise<Duplex> {
  const gone = (): DatabaseProblem =>
    new DatabaseProblem('reach', `host ${host} is gone`, 'bring its lab up again: `tejun lab up`');
  if (!isMeant()) throw gone();
  if (within !== undefined) refuseLinks(host, within, path);
  const place = `host ${host}, socket ${within === undefined ? path : path.slice(within.length)}`;
  const socket = await connected(connectSocket({ path }), place, signal);
  // What answered is on the host only if the host was there all the time.
  if (isMeant()) return socket;
  socket.destroy();
  throw gone();
}

/** An absolute link on the host would be followed on this machine, and lead to another server. */
function refuseLinks(host: string, within: string, path: string): void {
  let at = within;
  for (const part of path.slice(within.length).split('/')) {
    if (part === '') continue;
    at += `/${part}`;
    if (!lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink()) continue;
    const what = `host ${host}: ${at.slice(within.length)} is a symbolic link, which cannot be followed from outside`;
    throw new DatabaseProblem('configuration', what, 'name the real directory as `socket` of its `database`');
  }
}

function connected(socket: Socket, place: string, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      socket.destroy();
      reject(signal.reason);
    };
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      signal.removeEventListener('abort', stop);
      const why = { ENOENT: 'there is none', ECONNREFUSED: 'nobody listens', EACCES: 'we may not use it' }[
        error.code ?? ''
      ];
      const hint = 'does its server run, and there? see `database` in the lab file';
      reject(new DatabaseProblem('reach', `${place}: ${why ?? error.message}`, hint));
    });
    socket.once('connect', () => {
      signal.removeEventListener('abort', stop);
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}
