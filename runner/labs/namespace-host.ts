import { mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { HostAccess } from '../sessions/session.ts';
import { sweepSessions } from '../sessions/sweep-sessions.ts';
import { emptyFiles, giveTo, isKept, restoreFiles, writeIdentity } from './host-files.ts';
import { runOnHost } from './host-shell.ts';
import { endKeepers, keeperInit, liveKeeper, startKeeper } from './keeper.ts';
import { LabError } from './lab-error.ts';
import type { HostFile } from './lab-file.ts';
import { enterCommand, type Keeper, type Login, ownerInside, unshareCommand } from './login.ts';
import type { Plug } from './network.ts';
import { postgresPrograms } from './postgres-programs.ts';
import { type SshHost, sshServer, writeSshLogin, writeSshServer } from './ssh-files.ts';
import { programsOf } from './windows/builds.ts';
import type { WindowsKit } from './windows/kit.ts';
import { batchScript, furnishWindows, startWindows, stopWindows, windowsPrefix } from './windows/windows-host.ts';

/** One host of a lab: what is declared, where its files are, who logs in. */
export type Host = {
  readonly name: string;
  readonly file: HostFile;
  readonly directory: string;
  readonly login: Login;
  /** Port of the server that a login means when it names none. */
  readonly port: number;
  /** What it is made of if it is a Windows host. */
  readonly windows: WindowsKit | undefined;
  /** Major version of the PostgreSQL that it is to have; undefined: the machine's newest. */
  readonly postgres: string | undefined;
  /** All hosts of its network, itself included; undefined: it shares the machine's network. */
  readonly addresses: ReadonlyMap<string, string> | undefined;
};

/** Writes what a host on which nothing runs shows of itself; `peers`: the hosts among which ssh goes by key. */
export function prepareIdentity(host: Host, peers: readonly SshHost[]): void {
  const { directory, login, addresses, name } = host;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const shell = host.windows === undefined ? '/bin/bash' : '/run/windows/login.sh';
  writeIdentity(directory, { name, login, shell, directories: directoriesOf(host), addresses });
  const self = peers.find((peer) => peer.name === name);
  if (self) writeSshServer(self, (path) => giveTo(login, path));
}

/** Gives a host on which nothing runs its files: those kept at a checkpoint, or, without a name, the first ones. */
export async function furnish(host: Host, checkpoint: string | undefined, peers: readonly SshHost[]): Promise<void> {
  const { directory, login } = host;
  if (checkpoint !== undefined) return restoreFiles(directory, checkpoint);
  await emptyFiles(directory, directoriesOf(host), login);
  if (host.windows !== undefined) await furnishWindows(join(directory, 'files'), host.windows, login);
  const self = peers.find((peer) => peer.name === host.name);
  if (self) writeSshLogin(self, peers, (path) => giveTo(login, path));
}

/** Starts a host with the files that it has; with a plug it is on the lab's network, and lets logins in by ssh. */
export async function startHost(
  host: Host,
  plug: Plug | undefined,
  { life, lab, signal }: { readonly life: string; readonly lab: string; readonly signal: AbortSignal },
): Promise<void> {
  const { directory, login, name } = host;
  const { uid, gid } = ownerInside(login);
  const connection = plug ? ({ network: 'plugged', switch: plug.switch } as const) : ({ network: 'machine' } as const);
  await startKeeper(`host ${name}`, {
    directory,
    life,
    command: [...unshareCommand(login.kind, connection), ...keeperInit('host-init.sh', directory)],
    environment: {
      host: name,
      uid: `${uid}`,
      gid: `${gid}`,
      lab,
      ...(host.windows !== undefined && {
        windows: host.windows.shared,
        ...(host.windows.usr && { usr: host.windows.usr }),
      }),
      ...(plug && { switch: `${plug.switch.pid}`, port: plug.port, address: plug.address }),
    },
  });
  if (host.windows !== undefined) await startWindows(accessTo(host), join(directory, 'windows.log'), signal);
}

/** Starts the ssh server of a host that is on a network. */
export async function startSshServer(host: Host, signal: AbortSignal): Promise<void> {
  await runOnHost(accessTo(host), { name: 'sshd', text: sshServerStart }, join(host.directory, 'sshd.log'), signal);
}

/** It comes back before it listens: 0016 is port 22 in /proc/net/tcp (proc(5)). */
const sshServerStart = `${sshServer} -E /var/log/sshd/sshd.log
until [[ $(</proc/net/tcp) == *':0016 '* ]]; do
  if ((SECONDS > 10)); then cat /var/log/sshd/sshd.log; exit 1; fi
done`;

/** Is there a copy of the host's files at the checkpoint? */
export function hasKept({ directory }: Host, checkpoint: string): boolean {
  return isKept(directory, checkpoint);
}

/** Lets a host write what it has only in memory, before its processes are ended and its files kept. */
export async function settleHost(host: Host, signal: AbortSignal): Promise<void> {
  if (host.windows !== undefined && liveKeeper(host.directory))
    await stopWindows(accessTo(host), join(host.directory, 'windows.log'), signal);
}

/** Ends every process of the host in a directory, and the sessions that led to it. */
export async function endHost(directory: string): Promise<void> {
  await endKeepers(directory);
  await sweepSessions(sessionsIn(directory));
}

/** How to log in on a host that is up. */
export function accessTo(host: Host): HostAccess {
  const keeper = keeperOf(host);
  return {
    kind: 'local',
    host: host.name,
    enter: enterCommand(host.login, keeper, host.addresses ? 'plugged' : 'machine'),
    environment: environmentOf(host),
    ...(host.windows !== undefined && { shell: 'cmd' as const }),
    ...(host.login.kind === 'root' && { terminalOwner: host.login.uid }),
    directory: sessionsIn(host.directory),
  };
}

/** The first process of a host that is up. */
export function keeperOf(host: Host): Keeper {
  const keeper = liveKeeper(host.directory);
  if (keeper) return keeper;
  throw new LabError(`host ${host.name} is down\n    hint: \`tejun lab up\` brings its lab up`);
}

/** Runs a lab's script on a host. */
export async function runScript(host: Host, path: string, signal: AbortSignal): Promise<void> {
  const name = basename(path);
  const text = readFileSync(path, 'utf8');
  const script = { name, text: name.endsWith('.bat') ? batchScript(name, text) : text };
  await runOnHost(accessTo(host), script, join(host.directory, 'script.log'), signal);
}

/** What a login finds in its environment. */
export function environmentOf({ file, port, windows, postgres: major }: Host): Readonly<Record<string, string>> {
  const postgres = postgresPrograms(major);
  const programs = [...(postgres === undefined ? [] : [postgres]), '/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin'];
  return {
    HOME: `/home/${file.user}`,
    USER: file.user,
    LOGNAME: file.user,
    SHELL: '/bin/bash',
    PATH: programs.join(':'),
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    TZ: 'UTC',
    // Nobody turns pages here, and nobody leaves an editor.
    PAGER: 'cat',
    PSQL_PAGER: '',
    EDITOR: 'cat',
    PGPORT: `${port}`,
    ...(windows !== undefined && {
      USER: 'Administrator',
      LOGNAME: 'Administrator',
      WINEPREFIX: windowsPrefix,
      WINEPATH: programsOf(windows.build),
    }),
    ...file.environment,
  };
}

function directoriesOf({ file, addresses }: Host): readonly string[] {
  return addresses ? [...file.directories, '/var/log/sshd'] : file.directories;
}

function sessionsIn(directory: string): string {
  return join(directory, 'sessions');
}
