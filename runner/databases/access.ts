import type { SecretSource, SshSettings } from '../sessions/ssh/ssh-access.ts';

/** How a connection to a database server comes to its host. */
export type DatabaseWay =
  /** A Unix socket that this machine can reach. */
  | {
      readonly kind: 'socket';
      readonly path: string;
      /** Where a host's own tree of files begins: below it no symbolic link may lead out of it. */
      readonly within?: string;
      /** Whether the path still leads to the host that was meant. */
      readonly isMeant: () => boolean;
    }
  /** A TCP port of this machine; `cluster`: where the files of the server lie that is meant. */
  | { readonly kind: 'loopback'; readonly port: number; readonly cluster?: string }
  /** From a server that we log in to, to a port of its own or a Unix socket there. */
  | {
      readonly kind: 'ssh';
      readonly server: SshSettings;
      readonly to: { readonly port: number } | { readonly socket: string };
    };

/** How to connect to the database server on a host. */
export type DatabaseAccess = {
  readonly kind: 'postgresql' | 'pgpool';
  readonly host: string;
  readonly way: DatabaseWay;
  readonly user: string;
  /** Database of whoever names none. */
  readonly name: string;
  /** Undefined: a server that asks for a password lets nobody in. */
  readonly password: SecretSource | undefined;
};

/** Ports on which the servers listen when nobody says otherwise. */
export const usualPorts = { postgresql: 5432, pgpool: 9999 } as const;

/** A server's Unix socket in its directory (libpq: UNIXSOCK_PATH). */
export function socketFile(directory: string, port: number): string {
  return `${directory.replace(/\/+$/, '')}/.s.PGSQL.${port}`;
}
