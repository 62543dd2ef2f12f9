import { homedir } from 'node:os';
import { resolve } from 'node:path';
import type { SecretSource, SshSettings } from '../sessions/ssh/ssh-access.ts';
import { parseJump } from '../sessions/ssh/ssh-config.ts';
import { secretSource } from './host-database.ts';
import { LabError } from './lab-error.ts';
import type { LoginFile, ServersFile } from './server-schema.ts';

/** How to log in on a host of a lab of servers, from its file; paths in it are relative to `folder`. */
export function settingsOf(host: string, file: ServersFile, folder: string): SshSettings {
  return settings(host, loginOfHost(host, file), { file, folder, before: [] });
}

/** Where a server's settings are made: `before` are those that are reached through it. */
type Place = { readonly file: ServersFile; readonly folder: string; readonly before: readonly string[] };

function settings(server: string, login: LoginFile, { file, folder, before }: Place): SshSettings {
  if (before.includes(server)) {
    const way = [...before, server].join(' through ');
    throw new LabError(`the way to a host leads in a circle: ${way}\n    hint: see \`jump\` in the lab file`);
  }
  const path = (text: string): string => resolve(folder, text.replace(/^~(?=\/|$)/, homedir()));
  const secret = (text: string): SecretSource => secretSource(text, folder);
  const place = { file, folder, before: [...before, server] };
  return present<SshSettings>({
    address: login.address ?? server,
    port: login.port,
    user: login.user,
    keys: login.key?.map(path),
    passphrase: login.passphrase_from === undefined ? undefined : secret(login.passphrase_from),
    password: login.password_from === undefined ? undefined : secret(login.password_from),
    agent: typeof login.agent === 'string' ? path(login.agent) : login.agent,
    knownHosts: login.known_hosts?.map(path),
    hostKeyAlias: login.host_key_alias,
    jumps: login.jump?.map((jump) => settings(jump, loginOfJump(jump, file), place)),
    proxyCommand: login.proxy_command,
    connectTimeout: login.connect_timeout,
    loginTimeout: login.login_timeout,
    sshConfig: typeof login.ssh_config === 'string' ? path(login.ssh_config) : login.ssh_config,
  });
}

function loginOfHost(host: string, { hosts, defaults }: ServersFile): LoginFile {
  const declared = hosts[host];
  if (declared === undefined) return {};
  const { system, shell, codepage, directory, environment, facts, database, ...own } = declared;
  const { jump, proxy_command, ...rest } = defaults;
  // A host is reached by its own way or by that of all.
  const way = own.jump === undefined && own.proxy_command === undefined ? present({ jump, proxy_command }) : {};
  return { ...rest, ...way, ...own };
}

function loginOfJump(jump: string, file: ServersFile): LoginFile {
  if (Object.hasOwn(file.hosts, jump)) return loginOfHost(jump, file);
  // How the hosts are reached is not how to reach what leads to them.
  const { jump: _, proxy_command: __, port: ___, ...rest } = file.defaults;
  if (Object.hasOwn(file.gateways, jump)) return { ...rest, ...file.gateways[jump] };
  const { address, user, port } = parseJump(jump);
  return { ...rest, ...present({ address, user, port }) };
}

/** The object without the keys whose value is undefined. */
function present<T extends object>(object: { readonly [Key in keyof T]: T[Key] | undefined }): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}
