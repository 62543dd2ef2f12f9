import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { type DatabaseAccess, type DatabaseWay, socketFile, usualPorts } from '../databases/access.ts';
import type { SecretSource } from '../sessions/ssh/ssh-access.ts';
import type { DatabaseFile } from './database-schema.ts';
import { liveKeeper } from './keeper.ts';
import { type Host, keeperOf } from './namespace-host.ts';
import type { Server } from './server-host.ts';
import { placeOnLinux } from './windows/windows-host.ts';

/** Directory of the server's socket on a host of a lab that is made from namespaces. */
const usualSocket = '/run/postgresql';

/** How to connect to the database server of a host made from namespaces: by its socket, seen through its first process. */
export function databaseOfNamespace(host: Host, folder: string): DatabaseAccess | undefined {
  const { database } = host.file;
  if (!database) return undefined;
  const { pid, life } = keeperOf(host);
  // Windows has no sockets in the file system that we could go through; the port is this machine's, and the host's alone.
  if (host.windows !== undefined) {
    if (host.addresses) return undefined;
    const cluster = `/proc/${pid}/root${placeOnLinux(host.file.environment.PGDATA ?? '')}`;
    return accessOf(host.name, database, folder, { kind: 'loopback', port: database.port ?? host.port, cluster });
  }
  const within = `/proc/${pid}/root`;
  const path = socketFile(`${within}${database.socket ?? usualSocket}`, database.port ?? host.port);
  // A pid may be another process's by now.
  const isMeant = (): boolean => liveKeeper(host.directory)?.life === life;
  return accessOf(host.name, database, folder, { kind: 'socket', path, within, isMeant });
}

/** How to connect to a database server of this machine. */
export function databaseOfMachine(host: string, database: DatabaseFile, folder: string): DatabaseAccess {
  const port = portOf(database);
  const { socket } = database;
  return accessOf(
    host,
    database,
    folder,
    socket === undefined
      ? { kind: 'loopback', port }
      : { kind: 'socket', path: socketFile(socket, port), isMeant: () => true },
  );
}

/** How to connect to the database server on a server that we log in to. */
export function databaseOfServer({ name, file, settings }: Server, folder: string): DatabaseAccess | undefined {
  const { database } = file;
  if (!database) return undefined;
  const port = portOf(database);
  const to = database.socket === undefined ? { port } : { socket: socketFile(database.socket, port) };
  return accessOf(name, database, folder, { kind: 'ssh', server: settings, to });
}

/** A secret as a lab's file names it; paths are relative to `folder`. */
export function secretSource(text: string, folder: string): SecretSource {
  if (text.startsWith('env:')) return { kind: 'environment', variable: text.slice(4) };
  return { kind: 'file', path: resolve(folder, text.replace(/^file:/, '').replace(/^~(?=\/|$)/, homedir())) };
}

function accessOf(host: string, database: DatabaseFile, folder: string, way: DatabaseWay): DatabaseAccess {
  const { kind, user, name, password_from: from } = database;
  return { kind, host, way, user, name, password: from === undefined ? undefined : secretSource(from, folder) };
}

function portOf({ kind, port }: DatabaseFile): number {
  return port ?? usualPorts[kind];
}
