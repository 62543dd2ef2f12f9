import { createHash, createHmac } from 'node:crypto';

/** One line of a known_hosts file that names a key (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
export type KnownKey = {
  readonly file: string;
  readonly line: number;
  readonly revoked: boolean;
  /** Comma-separated patterns, or one hashed name. */
  readonly names: string;
  readonly type: string;
  readonly key: Buffer;
};

/** What is known of a server's key. */
export type KeyVerdict =
  | { readonly kind: 'known' }
  | { readonly kind: 'unknown' }
  /** The server is known by other keys. */
  | { readonly kind: 'different'; readonly known: readonly KnownKey[] }
  | { readonly kind: 'revoked'; readonly known: KnownKey };

/** Reads a known_hosts file. Lines for certificate authorities and lines that cannot be read count as absent. */
export function parseKnownHosts(text: string, file: string): KnownKey[] {
  return text.split('\n').flatMap((line, index): KnownKey[] => {
    const fields = line.trim().split(/[ \t]+/);
    const marker = fields[0]?.startsWith('@') ? fields.shift() : undefined;
    const [names = '', type = '', encoded = ''] = fields;
    if (names === '' || names.startsWith('#') || (marker !== undefined && marker !== '@revoked')) return [];
    const key = Buffer.from(encoded, 'base64');
    if (keyType(key) !== type) return [];
    return [{ file, line: index + 1, revoked: marker !== undefined, names, type, key }];
  });
}

/** The name by which known_hosts knows a server. */
export function knownName(address: string, port: number): string {
  return port === 22 ? address.toLowerCase() : `[${address.toLowerCase()}]:${port}`;
}

/** The lines that speak of a server. */
export function keysOf(name: string, known: readonly KnownKey[]): KnownKey[] {
  return known.filter(({ names }) => matchesName(names, name));
}

/** Is this key the server's? */
export function judgeKey(key: Buffer, known: readonly KnownKey[]): KeyVerdict {
  const same = known.filter((each) => each.key.equals(key));
  const revoked = same.find((each) => each.revoked);
  if (revoked !== undefined) return { kind: 'revoked', known: revoked };
  if (same.length > 0) return { kind: 'known' };
  const others = known.filter((each) => !each.revoked);
  return others.length === 0 ? { kind: 'unknown' } : { kind: 'different', known: others };
}

/** A key's fingerprint as OpenSSH shows it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** A public key's type, which is the first string in it (RFC 4253, 6.6); empty for what is no key. */
export function keyType(key: Buffer): string {
  if (key.length < 4) return '';
  const length = key.readUInt32BE(0);
  return key.length < 4 + length ? '' : key.toString('latin1', 4, 4 + length);
}

function matchesName(names: string, name: string): boolean {
  const hashed = /^\|1\|([^|]+)\|(.+)$/.exec(names);
  if (hashed !== null) {
    const [, salt = '', hash = ''] = hashed;
    return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
  }
  const patterns = names.toLowerCase().split(',');
  if (patterns.some((pattern) => pattern.startsWith('!') && fits(pattern.slice(1), name))) return false;
  return patterns.some((pattern) => fits(pattern, name));
}

function fits(pattern: string, name: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(name);
}
