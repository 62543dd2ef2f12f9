import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type ParsedKey } from 'ssh2';
import { readSecret } from './secret.ts';
import type { SshSettings } from './ssh-access.ts';
import { SshError } from './ssh-error.ts';

/** A private key that can be used, and the file that it is from. */
export type LoginKey = { readonly path: string; readonly key: ParsedKey };

/** Reads a server's private keys. Declared ones must be usable; of those that OpenSSH would try those count that are. */
export function readLoginKeys({ keys, optionalKeys, passphrase }: SshSettings): LoginKey[] {
  const secret = passphrase === undefined ? undefined : readSecret(passphrase, 'the passphrase of a key');
  const read = (path: string): LoginKey => ({ path, key: parse(path, secret) });
  if (keys !== undefined) return keys.map(read);
  return (optionalKeys ?? usualKeys).flatMap((path) => {
    try {
      return [read(path)];
    } catch {
      // Not there, or encrypted, as usual keys often are: then the agent has it, or the login fails and says what was tried.
      return [];
    }
  });
}

const usualKeys = ['id_ed25519', 'id_ecdsa', 'id_rsa'].map((name) => join(homedir(), '.ssh', name));

function parse(path: string, passphrase: string | undefined): ParsedKey {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new SshError(
      'configuration',
      `the key ${path} cannot be read: ${(error as Error).message}`,
      'see `key` in the lab file',
    );
  }
  const parsed = ssh2.utils.parseKey(text, passphrase);
  if (!(parsed instanceof Error)) {
    const [key] = Array.isArray(parsed) ? (parsed as ParsedKey[]) : [parsed];
    if (key?.isPrivateKey()) return key;
    throw new SshError('configuration', `${path} is not a private key`, 'name the file without .pub');
  }
  if (/no passphrase given/.test(parsed.message)) {
    throw new SshError(
      'configuration',
      `the key ${path} is encrypted`,
      'load it into your agent with `ssh-add` and write `agent: true` instead of `key`, or say by `passphrase_from` where its passphrase is',
    );
  }
  const wrong = /bad passphrase|integrity check failed|decrypt/i.test(parsed.message);
  throw new SshError(
    'configuration',
    wrong ? `the passphrase of the key ${path} is wrong` : `the key ${path} cannot be used: ${parsed.message}`,
    wrong
      ? 'see `passphrase_from` in the lab file'
      : "OpenSSH's own formats can be: `ssh-keygen -p -f FILE` rewrites it",
  );
}
