import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';
import type { Diagnosis } from './lab.ts';
import { type Login, unshareCommand } from './login.ts';
import { postgresPrograms } from './postgres-programs.ts';

const programs = [
  '/bin/bash',
  '/bin/cp',
  '/bin/sh',
  '/usr/bin/flock',
  '/usr/bin/nsenter',
  '/usr/bin/perl',
  '/usr/bin/setsid',
  '/usr/bin/unshare',
  '/bin/mount',
  '/bin/hostname',
];
/** What a host with one cluster takes, its kept copy included, and then some. */
const megabytesPerHost = 500;

/** What a lab needs of the machine. */
export type Needs = {
  /** Where its state lies. */
  readonly state: string;
  readonly kind: Login['kind'];
  readonly hosts: number;
};

/** Can this machine run a lab made from namespaces? */
export async function diagnoseMachine({ state, kind, hosts }: Needs): Promise<readonly Diagnosis[]> {
  return [
    diagnosePrograms(),
    diagnosePostgres(),
    await diagnoseNamespaces(kind),
    await diagnoseDisk(state, hosts * megabytesPerHost),
  ];
}

function diagnosePrograms(): Diagnosis {
  const missing = programs.filter((program) => !existsSync(program));
  const what = missing.length === 0 ? 'system programs' : `system programs: ${missing.join(', ')} missing`;
  return { ok: missing.length === 0, what, hint: 'apt-get install perl-base util-linux mount hostname' };
}

function diagnosePostgres(): Diagnosis {
  const found = postgresPrograms();
  const what = found === undefined ? 'no PostgreSQL 15 or newer in /usr/lib/postgresql' : `PostgreSQL in ${found}`;
  return { ok: found !== undefined, what, hint: 'apt-get install --no-install-recommends postgresql' };
}

/** Not asked of the kernel's settings, but tried: containers refuse in ways that no setting shows. */
async function diagnoseNamespaces(kind: Login['kind']): Promise<Diagnosis> {
  const who = kind === 'root' ? 'root' : 'an ordinary user';
  const [program = '', ...args] = unshareCommand(kind, { network: 'machine' });
  const script = 'mount -t proc proc /proc && mount -t tmpfs tmpfs /run && hostname tejun-doctor';
  try {
    await promisify(execFile)(program, [...args, '/bin/sh', '-c', script], { cwd: '/', timeout: 10_000 });
    return { ok: true, what: `namespaces as ${who}`, hint: '' };
  } catch (error) {
    const why = (error as { stderr?: string }).stderr?.trim() || (error as Error).message;
    return { ok: false, what: `namespaces as ${who}: ${why}`, hint: namespaceHint(kind) };
  }
}

function namespaceHint(kind: Login['kind']): string {
  if (kind === 'root')
    return 'in a container: start it with --cap-add SYS_ADMIN --security-opt seccomp=unconfined, or privileged';
  const set = (name: string, value: string) => `sysctl -w ${name}=${value}`;
  const found = (name: string) => {
    try {
      return readFileSync(`/proc/sys/${name.replaceAll('.', '/')}`, 'utf8').trim();
    } catch {
      return undefined;
    }
  };
  if (found('kernel.unprivileged_userns_clone') === '0')
    return `as root: ${set('kernel.unprivileged_userns_clone', '1')}`;
  if (found('kernel.apparmor_restrict_unprivileged_userns') === '1') {
    return `as root: ${set('kernel.apparmor_restrict_unprivileged_userns', '0')}`;
  }
  if (found('user.max_user_namespaces') === '0') return `as root: ${set('user.max_user_namespaces', '10000')}`;
  return 'in a container, allow user namespaces and /proc mounts (--security-opt seccomp=unconfined --security-opt systempaths=unconfined), or run as root';
}

async function diagnoseDisk(state: string, needed: number): Promise<Diagnosis> {
  mkdirSync(state, { recursive: true });
  const { bavail, bsize } = await statfs(state);
  const free = Math.floor((bavail * bsize) / 1e6);
  const what = `${free} MB free in ${state}`;
  return { ok: free >= needed, what, hint: `make room: the lab needs ${needed} MB` };
}

/** Where hosts share the machine's network, their server needs a port of it. */
export async function diagnosePort(): Promise<Diagnosis> {
  try {
    return { ok: true, what: `a free TCP port, such as ${await freePort()}`, hint: '' };
  } catch (error) {
    return { ok: false, what: (error as Error).message, hint: 'end what listens there' };
  }
}
