import type { HostAccess } from './session.ts';
import type { SshAccess } from './ssh/ssh-access.ts';

/** How to get a shell on a host of any lab. */
export type Access = HostAccess | SshAccess;

/** The access to a host that programs of this machine can enter; throws for another one. */
export function localAccess(access: Access): HostAccess {
  if (access.kind === 'local') return access;
  throw new Error(`host ${access.host} is a server, which no program of this machine can enter`);
}
