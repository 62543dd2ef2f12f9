import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { promisify } from 'node:util';
import type { SshSettings } from './ssh-access.ts';
import { SshError } from './ssh-error.ts';

/**
 * Fills in from OpenSSH's configuration what a lab file leaves out. OpenSSH itself is asked (`ssh -G`), so that patterns,
 * `Match` and `Include` mean what they always mean. Its `StrictHostKeyChecking` is not read: keys are always checked.
 */
export async function withSshConfig(settings: SshSettings): Promise<SshSettings> {
  if (settings.sshConfig === undefined || settings.sshConfig === false) return settings;
  const found = await ask(settings);
  return merge(settings, found, await expand(settings, found.get('identityfile') ?? []));
}

/** A word between paths that is no part of any. */
const between = '/-tejun-/';

/**
 * Replaces `~`, `%h`, `${HOME}` and the like in paths, which `ssh -G` leaves as they are in an IdentityFile: it replaces them in
 * a UserKnownHostsFile, where the same ones may stand.
 */
async function expand(settings: SshSettings, paths: readonly string[]): Promise<readonly string[]> {
  const own = paths.filter((path) => path !== 'none');
  if (!own.some((path) => /[%$]/.test(path))) return own.map(atHome);
  const words = own.map((path) => `"${path.replaceAll('"', '\\"')}"`).join(` ${between} `);
  const [expanded = ''] = (await ask(settings, ['-o', `UserKnownHostsFile=${words}`])).get('userknownhostsfile') ?? [];
  return expanded.split(` ${between} `).map(atHome);
}

async function ask(
  settings: SshSettings,
  options: readonly string[] = [],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { address, port, user, sshConfig } = settings;
  const file = typeof sshConfig === 'string' ? ['-F', sshConfig] : [];
  const args = [
    ...file,
    ...options,
    ...(port === undefined ? [] : ['-p', `${port}`]),
    ...(user === undefined ? [] : ['-l', user]),
  ];
  try {
    const { stdout } = await promisify(execFile)('ssh', ['-G', ...args, '--', address], { timeout: 10_000 });
    const found = new Map<string, string[]>();
    for (const line of stdout.split('\n')) {
      const [, key = '', value = ''] = /^(\S+) (.*)$/.exec(line) ?? [];
      if (value !== '' && (value !== 'none' || key.startsWith('identity')))
        found.set(key, [...(found.get(key) ?? []), value]);
    }
    return found;
  } catch (error) {
    const { message, stderr = '' } = error as Error & { stderr?: string };
    throw new SshError(
      'configuration',
      `OpenSSH's configuration for ${address} cannot be read: ${stderr.trim() || message}`,
      '`ssh_config` needs the program ssh (Debian: openssh-client); or leave it out and write everything in the lab file',
    );
  }
}

function merge(
  settings: SshSettings,
  found: ReadonlyMap<string, readonly string[]>,
  keys: readonly string[],
): SshSettings {
  const one = (key: string) => found.get(key)?.[0];
  // One line has all of them, and a blank may be part of each.
  const files = (key: string) =>
    found
      .get(key)
      ?.flatMap((value) => value.split(/ (?=[~/])/))
      .map(atHome);
  const knownHosts = [...(files('userknownhostsfile') ?? []), ...(files('globalknownhostsfile') ?? [])];
  const jumps = one('proxyjump')
    ?.split(',')
    .map((jump) => ({ ...parseJump(jump), sshConfig: settings.sshConfig ?? true }));
  const own: { -readonly [Key in keyof SshSettings]?: SshSettings[Key] } = {
    address: one('hostname') ?? settings.address,
    port: Number(one('port') ?? 22),
  };
  const user = one('user');
  if (user !== undefined) own.user = user;
  const alias = one('hostkeyalias');
  if (alias !== undefined) own.hostKeyAlias = alias;
  const patience = Number(one('connecttimeout'));
  if (patience > 0) own.connectTimeout = patience * 1000;
  if (found.has('identityfile')) own.optionalKeys = keys;
  const agent = one('identityagent');
  const variable = agent?.startsWith('$') ? process.env[agent.slice(1).replace(/^\{(.*)\}$/, '$1')] : undefined;
  if (agent === 'none') own.agent = false;
  else if (agent?.startsWith('/') || agent?.startsWith('~')) own.agent = atHome(agent);
  else if (variable) own.agent = variable;
  if (knownHosts.length > 0) own.knownHosts = knownHosts;
  // A lab file that says how to get there says all of it.
  if (settings.jumps === undefined && settings.proxyCommand === undefined) {
    const command = one('proxycommand');
    if (jumps !== undefined) own.jumps = jumps;
    else if (command !== undefined) own.proxyCommand = command;
  }
  return { ...own, ...settings, address: own.address ?? settings.address };
}

/** `[user@]address[:port]`, as in OpenSSH's ProxyJump. */
export function parseJump(text: string): SshSettings {
  const found = /^(?:ssh:\/\/)?(?:([^@]+)@)?(\[[^\]]+\]|[^:@]+|[^@]*:[^@]*:[^@]*?)(?::(\d+))?$/.exec(text);
  const [, user, address = text, port] = found ?? [];
  return {
    address: address.replace(/^\[(.*)\]$/, '$1'),
    ...(user !== undefined && { user }),
    ...(port !== undefined && { port: Number(port) }),
  };
}

function atHome(path: string): string {
  return path.replace(/^~(?=\/)/, homedir());
}
