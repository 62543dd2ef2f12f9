import type { HostAccess } from './session.ts';

/** How to get a shell on a host of any lab. */
export type Access = HostAccess;

/** The access to a host that programs of this machine can enter; throws for another one. */
export function localAccess(access: Access): HostAccess {
  if (access.kind === 'local') return access;
  throw new Error('this host cannot be entered by a program of this machine');
}
