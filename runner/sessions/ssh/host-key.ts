import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ServerHostKeyAlgorithm } from 'ssh2';
import { fingerprint, judgeKey, keysOf, keyType, knownName, parseKnownHosts } from './known-hosts.ts';
import { SshError } from './ssh-error.ts';

/** How one server's key is checked. There is no way around it. */
export type HostKeyCheck = {
  /** Algorithms to offer: those of known keys first, so that the server shows one of them. */
  readonly algorithms: ServerHostKeyAlgorithm[];
  /** The reason why a key is refused; undefined when it is the server's. */
  judge(key: Buffer): SshError | undefined;
};

/** The files in which OpenSSH looks for host keys. */
export const usualKnownHosts = [
  join(homedir(), '.ssh/known_hosts'),
  join(homedir(), '.ssh/known_hosts2'),
  '/etc/ssh/ssh_known_hosts',
  '/etc/ssh/ssh_known_hosts2',
];

/** Prepares the check of a server's key. `alias`: the name under which it is known. */
export function hostKeyCheck(
  { address, port, alias }: { address: string; port: number; alias: string | undefined },
  files: readonly string[],
): HostKeyCheck {
  const name = alias ?? knownName(address, port);
  const known = keysOf(
    name,
    files.filter((file) => existsSync(file)).flatMap((file) => parseKnownHosts(readFileSync(file, 'utf8'), file)),
  );
  const types = new Set(known.map(({ type }) => type));
  const [first = usualKnownHosts[0] ?? ''] = files;
  return {
    algorithms: [...offered].sort((a, b) => Number(types.has(typeOf(b))) - Number(types.has(typeOf(a)))),
    judge(key) {
      const verdict = judgeKey(key, known);
      const shown = `${keyType(key)} ${fingerprint(key)}`;
      switch (verdict.kind) {
        case 'known':
          return undefined;
        case 'revoked':
          return new SshError(
            'host-key',
            `the host key of ${name} (${shown}) is revoked in ${verdict.known.file}, line ${verdict.known.line}`,
            'do not connect; ask who runs the server',
          );
        case 'unknown':
          return new SshError(
            'host-key',
            `the host key of ${name} (${shown}) is not known`,
            `compare the fingerprint with what the server's administrator tells you, then: ${scan(address, port)} >>${first}`,
          );
        case 'different': {
          const places = verdict.known.map(
            (each) => `${each.file}, line ${each.line}: ${each.type} ${fingerprint(each.key)}`,
          );
          return new SshError(
            'host-key',
            `${name} shows another host key (${shown}) than it is known by (${places.join('; ')}): somebody may be in between, or the server was set up anew`,
            `only if its administrator confirms the new key: ssh-keygen -R '${name}' -f ${verdict.known[0]?.file ?? first}; ${scan(address, port)} >>${first}`,
          );
        }
      }
    },
  };
}

function scan(address: string, port: number): string {
  return `ssh-keyscan ${port === 22 ? '' : `-p ${port} `}${address}`;
}

/** What OpenSSH offers too; RSA only with SHA-2. */
const offered: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];

function typeOf(algorithm: ServerHostKeyAlgorithm): string {
  return algorithm.startsWith('rsa-sha2-') ? 'ssh-rsa' : algorithm;
}
