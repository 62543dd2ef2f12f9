import { readFileSync } from 'node:fs';
import type { ProcessIdentity } from '../sessions/process-table.ts';

/** Who works on a host, with the ids that the host shows. */
export type Login = {
  readonly user: string;
  readonly uid: number;
  readonly gid: number;
  /** `root`: we are root, and logins become another user. `self`: the host's user is ourselves under another name. */
  readonly kind: 'root' | 'self';
};

/** A host's first process, as this machine sees it. `life` is written in the host's /run/tejun too. */
export type Keeper = ProcessIdentity & { readonly boot: string; readonly life: string };

/** Debian's `nobody`, which is there without PostgreSQL being installed. */
const nobody = 65534;
/** Any number will do where we are the user ourselves: it is only shown. */
const shown = 999;

/** The login of `user`: as root that user of this machine (else nobody), as an ordinary user ourselves. */
export function findLogin(user: string, passwd = readFileSync('/etc/passwd', 'utf8')): Login {
  if (process.getuid?.() !== 0) return { user, uid: shown, gid: shown, kind: 'self' };
  const fields = passwd.split('\n').map((line) => line.split(':'));
  const [, , uid, gid] = fields.find(([name]) => name === user) ?? [];
  const known = Number(uid) > 0 && Number(gid) > 0;
  return { user, uid: known ? Number(uid) : nobody, gid: known ? Number(gid) : nobody, kind: 'root' };
}

/** Owner of the host's files as its first process must name it: an ordinary user is root in its own namespace. */
export function ownerInside({ kind, uid, gid }: Login): { readonly uid: number; readonly gid: number } {
  return kind === 'root' ? { uid, gid } : { uid: 0, gid: 0 };
}

/** Which network a process gets: this machine's, one of its own, or one of its own that plugs into a switch. */
export type Connection =
  | { readonly network: 'machine' | 'own' }
  | { readonly network: 'plugged'; readonly switch: Keeper };

/**
 * Program and arguments that make a process pid 1 of namespaces of its own. Where we are no root, all that are plugged
 * into one switch share the user namespace that was made for the switch: only its root may plug them in.
 */
export function unshareCommand(kind: Login['kind'], connection: Connection): readonly string[] {
  const user = kind === 'self' && connection.network !== 'plugged' ? ['--user', '--map-root-user'] : [];
  const net = connection.network === 'machine' ? [] : ['--net'];
  const join =
    kind === 'self' && connection.network === 'plugged'
      ? ['/usr/bin/nsenter', '-t', `${connection.switch.pid}`, '-U', '--preserve-credentials', '--']
      : [];
  const unshare = ['/usr/bin/unshare', ...user, ...net, '--mount', '--uts', '--ipc', '--pid', '--fork', '--kill-child'];
  return [...join, ...unshare, '--'];
}

/** Runs what follows only on the host that was meant: a pid may be another process's by now, and that one's host another. */
const check = [
  '/bin/sh',
  '-c',
  '{ read -r life </run/tejun; } 2>/dev/null && [ "$life" = "$0" ] && exec "$@"; ' +
    'echo "this host is gone; bring its lab up again" >&2; exit 125',
];

/** Program and arguments that become a login on the keeper's host; the login's own program follows. */
export function enterCommand(
  { uid, gid, kind }: Login,
  { pid, life }: Keeper,
  network: Connection['network'],
): readonly string[] {
  const enter = ['/usr/bin/nsenter', '-t', `${pid}`, '-m', '-u', '-i', '-p', ...(network === 'machine' ? [] : ['-n'])];
  if (kind === 'root') return [...enter, '-S', `${uid}`, '-G', `${gid}`, '--', ...check, life];
  const become = ['/usr/bin/unshare', '-U', `--map-user=${uid}`, `--map-group=${gid}`, '--'];
  return [...enter, '-U', '--preserve-credentials', '--', ...check, life, ...become];
}
