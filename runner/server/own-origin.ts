import type { IncomingMessage } from 'node:http';

/** The only address that the server binds: never `::`, never `0.0.0.0`. */
export const loopback = '127.0.0.1';

/** What a browser may call this server. */
export type OwnOrigin = {
  /** Values of the Host header. A name that an attacker's DNS points here (rebinding) is not among them. */
  readonly hosts: readonly string[];
  readonly origins: readonly string[];
  /** The same for WebSockets. */
  readonly socketOrigins: readonly string[];
};

/** The names of a server on this port of this machine. */
export function ownOrigin(port: number): OwnOrigin {
  // Port 80 is not written in a Host header; URL knows.
  const hosts = [loopback, 'localhost'].map((name) => new URL(`http://${name}:${port}`).host);
  return {
    hosts,
    origins: hosts.map((host) => `http://${host}`),
    socketOrigins: hosts.map((host) => `ws://${host}`),
  };
}

/** The only value of a header; undefined when it is absent. Two of them are nobody's honest request: `ambiguous`. */
export function soleHeader(request: IncomingMessage, name: string): string | undefined | { readonly ambiguous: true } {
  const values = request.headersDistinct[name];
  if (values === undefined) return undefined;
  return values.length === 1 ? values[0] : { ambiguous: true };
}
