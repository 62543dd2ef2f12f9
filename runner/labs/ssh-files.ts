import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Login } from './login.ts';

/** The OpenSSH server, by the absolute path that it insists on. */
export const sshServer = '/usr/sbin/sshd';

/** A host among which logins go by key. */
export type SshHost = {
  readonly name: string;
  readonly address: string;
  readonly directory: string;
  readonly login: Login;
  /** What a login finds in its environment. */
  readonly environment: Readonly<Record<string, string>>;
};

/** Where Windows' own OpenSSH server has the keys of administrators, below the host's Windows. */
const administratorsKeys = 'drive_c/ProgramData/ssh/administrators_authorized_keys';

/** Gives each host the key that it shows (`/etc/ssh`), and each login the key by which it is known; keys stay. */
export async function makeSshKeys(hosts: readonly SshHost[]): Promise<void> {
  await Promise.all(
    hosts.flatMap((host) => {
      mkdirSync(serverFolder(host), { recursive: true });
      return [makeKey(hostKey(host), `root@${host.name}`), makeKey(loginKey(host), `${host.login.user}@${host.name}`)];
    }),
  );
}

/** Writes the settings of a host's server, whose `/etc/ssh` is the host's own. */
export function writeSshServer(host: SshHost, own: (path: string) => void): void {
  // The server reads it as the login: it is started by it.
  own(hostKey(host));
  const set = Object.entries(host.environment).map(([name, value]) => `"${name}=${value.replaceAll('"', '')}"`);
  const prefix = host.environment.WINEPREFIX;
  const settings = [
    '# Runs as the login, which needs no rights: it can only become itself, and only by key.',
    'Port 22',
    'HostKey /etc/ssh/ssh_host_ed25519_key',
    'PidFile none',
    'UsePAM no',
    `AllowUsers ${host.login.user}`,
    'AuthenticationMethods publickey',
    'Subsystem sftp internal-sftp',
    'PrintMotd no',
    'PrintLastLog no',
    ...(prefix === undefined ? [] : [`AuthorizedKeysFile .ssh/authorized_keys ${prefix}/${administratorsKeys}`]),
    "# The same environment as in the lab's terminals, where PostgreSQL's programs are found.",
    `SetEnv ${set.join(' ')}`,
  ];
  writeFileSync(join(serverFolder(host), 'sshd_config'), `${settings.join('\n')}\n`);
  writeFileSync(join(serverFolder(host), 'ssh_config'), '# Nothing but the defaults.\n');
}

/** Furnishes a login's `.ssh`: its own key, whom it lets in, and the keys by which it knows the hosts. */
export function writeSshLogin(host: SshHost, hosts: readonly SshHost[], own: (path: string) => void): void {
  const folder = join(host.directory, 'files/home', host.login.user, '.ssh');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  own(folder);
  const put = (name: string, mode: number, text: string): void => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode });
    own(path);
  };
  const publicKey = (key: string): string => readFileSync(`${key}.pub`, 'utf8');
  copyFileSync(loginKey(host), join(folder, 'id_ed25519'));
  own(join(folder, 'id_ed25519'));
  put('id_ed25519.pub', 0o644, publicKey(loginKey(host)));
  put('authorized_keys', 0o600, hosts.map((each) => publicKey(loginKey(each))).join(''));
  const known = hosts.map((each) => {
    const [type = '', key = ''] = publicKey(hostKey(each)).split(' ');
    return `${each.name},${each.address} ${type} ${key}\n`;
  });
  put('known_hosts', 0o644, known.join(''));
}

function serverFolder({ directory }: SshHost): string {
  return join(directory, 'etc/ssh');
}

function hostKey(host: SshHost): string {
  return join(serverFolder(host), 'ssh_host_ed25519_key');
}

function loginKey({ directory }: SshHost): string {
  return join(directory, 'login_ed25519_key');
}

async function makeKey(path: string, comment: string): Promise<void> {
  // The public half is written last.
  if (existsSync(`${path}.pub`)) return;
  await promisify(execFile)('/usr/bin/ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', path]);
}
