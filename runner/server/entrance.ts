import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** What became of a token. */
export type Admission =
  /** The value of the browser's new session cookie. */
  { readonly kind: 'admitted'; readonly session: string } | { readonly kind: 'used' } | { readonly kind: 'unknown' };

/** Who may come in: one token at a time, which works once, and the sessions that tokens were given for. */
export type Entrance = {
  /** Makes the one token that works; the one before works no more. */
  newToken(): string;
  admit(token: string): Admission;
  /** Whether a session cookie's value is that of a browser which was let in. */
  knows(session: string): boolean;
};

const remembered = 64;

/** 256 bits, as text that needs no escaping in an address or a cookie. */
export function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** An entrance without a token yet. Secrets are kept as digests and compared in constant time. */
export function createEntrance(secret: () => string): Entrance {
  let current: Buffer | undefined;
  const former: Buffer[] = [];
  const sessions: Buffer[] = [];
  const retire = (): void => {
    if (current) keep(former, current);
    current = undefined;
  };
  return {
    newToken() {
      retire();
      const token = secret();
      current = digest(token);
      return token;
    },
    admit(token) {
      const given = digest(token);
      if (current && timingSafeEqual(given, current)) {
        retire();
        const session = secret();
        keep(sessions, digest(session));
        return { kind: 'admitted', session };
      }
      return { kind: contains(former, given) ? 'used' : 'unknown' };
    },
    knows: (session) => contains(sessions, digest(session)),
  };
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

function keep(list: Buffer[], entry: Buffer): void {
  list.push(entry);
  if (list.length > remembered) list.shift();
}

function contains(list: readonly Buffer[], given: Buffer): boolean {
  let found = false;
  for (const each of list) if (timingSafeEqual(each, given)) found = true;
  return found;
}
