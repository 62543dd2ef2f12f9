import { execFile } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, realpathSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Login } from './login.ts';

const run = promisify(execFile);

/** Places of the file system that each host has for itself. */
const commonPlaces = ['srv', 'home', 'var/log', 'var/tmp', 'tmp'];

/** A host as its files show it. */
export type Identity = {
  readonly name: string;
  readonly login: Login;
  /** What a login over ssh gets. */
  readonly shell: string;
  /** Directories that the login owns. */
  readonly directories: readonly string[];
  /** Addresses and names of all hosts; undefined: they share the machine's network. */
  readonly addresses: ReadonlyMap<string, string> | undefined;
};

/** Writes what makes a host's identity: names, users, and the list of its own places for `host-init.sh`. */
export function writeIdentity(directory: string, { name: host, login, shell, directories, addresses }: Identity): void {
  const { user, uid, gid } = login;
  const etc = join(directory, 'etc');
  mkdirSync(etc, { recursive: true });
  const home = `/home/${user}`;
  const write = (name: string, lines: readonly string[]) => writeFileSync(join(etc, name), `${lines.join('\n')}\n`);
  // The first entry of a number gives it its name, so `nobody` stands after a user who has to do with its number.
  write('passwd', [
    'root:x:0:0:root:/root:/bin/bash',
    `${user}:x:${uid}:${gid}:PostgreSQL administrator:${home}:${shell}`,
    'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin',
  ]);
  write('group', ['root:x:0:', `${user}:x:${gid}:`, 'nogroup:x:65534:']);
  write('hostname', [host]);
  if (addresses) {
    write('hosts', ['127.0.0.1 localhost', ...[...addresses].map(([name, address]) => `${address} ${name}`)]);
    write('resolv.conf', ['# Nobody to ask: /etc/hosts knows all names.']);
  } else write('hosts', [`127.0.0.1 localhost ${host}`]);
  writeFileSync(join(directory, 'mounts'), `${placesOf(directories).join('\n')}\n`);
}

/** Makes the host's own places anew, with nothing in them but the declared directories. */
export async function emptyFiles(directory: string, declared: readonly string[], login: Login): Promise<void> {
  const files = join(directory, 'files');
  if (existsSync(files)) await removeTree(files);
  for (const place of placesOf(declared)) mkdirSync(join(files, place), { recursive: true, mode: 0o755 });
  const own = (path: string, mode: number): void => {
    mkdirSync(path, { recursive: true, mode });
    giveTo(login, path);
  };
  own(join(files, 'srv'), 0o755);
  own(join(files, 'home', login.user), 0o700);
  for (const path of declared) {
    const steps = path.split('/').filter((step) => step !== '');
    const first = steps[0] === 'srv' ? 1 : steps.length;
    for (let depth = first; depth <= steps.length; depth++) own(join(files, ...steps.slice(0, depth)), 0o755);
  }
  await run('/bin/chmod', ['1777', join(files, 'tmp'), join(files, 'var/tmp')]);
}

/** Makes a file the login's. */
export function giveTo({ kind, uid, gid }: Login, path: string): void {
  if (kind === 'root') chownSync(path, uid, gid);
}

/** A host's own places; /tmp is the last, for the host's directory on this machine may lie in it. */
function placesOf(directories: readonly string[]): readonly string[] {
  const paths = directories.map((path) => path.slice(1));
  return [...paths.filter((path) => !commonPlaces.some((place) => path.startsWith(`${place}/`))), ...commonPlaces];
}

/** Is there a kept copy of the host's places at a checkpoint? */
export function isKept(directory: string, checkpoint: string): boolean {
  return existsSync(join(directory, 'checkpoints', checkpoint));
}

/** Keeps a copy of the host's places; nothing may run on the host meanwhile. */
export async function keepFiles(directory: string, checkpoint: string): Promise<void> {
  const copy = join(directory, 'checkpoints', checkpoint);
  mkdirSync(join(directory, 'checkpoints'), { recursive: true });
  if (existsSync(`${copy}.new`)) await removeTree(`${copy}.new`);
  await copyTree(join(directory, 'files'), `${copy}.new`);
  renameSync(`${copy}.new`, copy);
}

/** Lets a checkpoint at which the host is as at another one share that one's copy. */
export function keepAs(directory: string, checkpoint: string, other: string): void {
  symlinkSync(other, join(directory, 'checkpoints', checkpoint));
}

/** Puts the kept copy back; nothing may run on the host meanwhile. */
export async function restoreFiles(directory: string, checkpoint: string): Promise<void> {
  const files = join(directory, 'files');
  await removeTree(files);
  await copyTree(realpathSync(join(directory, 'checkpoints', checkpoint)), files);
}

/** Removes a directory, also one in which a step has taken away its owner's permissions. */
export async function removeTree(path: string): Promise<void> {
  // A program, for it goes on beside its like on the other hosts, and is several times faster than we are.
  const remove = () => run('/bin/rm', ['-rf', '--', path]);
  try {
    await remove();
  } catch {
    await run('/bin/chmod', ['-R', 'u+rwX', path]).catch(() => undefined);
    await remove();
  }
}

async function copyTree(from: string, to: string): Promise<void> {
  await run('/bin/cp', ['-a', '--reflink=auto', from, to]);
}
