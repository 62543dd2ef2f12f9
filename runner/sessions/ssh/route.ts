import { userInfo } from 'node:os';
import type { SshSettings } from './ssh-access.ts';
import { withSshConfig } from './ssh-config.ts';
import { SshError } from './ssh-error.ts';

/** A server on the way, all of it known. */
export type Hop = {
  /** As the lab file calls it. */
  readonly declared: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly settings: SshSettings;
};

/** The servers to connect to one through the other; the last one is the goal. */
export async function findRoute(goal: SshSettings, depth = 0): Promise<Hop[]> {
  if (depth > 8) {
    throw new SshError(
      'configuration',
      `the way to ${goal.address} leads through jump hosts in a circle`,
      "see `jump` in the lab file and ProxyJump in OpenSSH's configuration",
    );
  }
  const settings = await withSshConfig(goal);
  const { address, port = 22, user = userInfo().username } = settings;
  const hops: Hop[] = [];
  for (const [index, jump] of (settings.jumps ?? []).entries()) {
    // Only the first one is reached from here, and may have a way of its own.
    const route = await findRoute(index === 0 ? jump : { ...jump, jumps: [] }, depth + 1);
    hops.push(...route);
  }
  return [...hops, { declared: goal.address, address, port, user, settings }];
}
