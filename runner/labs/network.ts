import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { keeperInit, liveKeeper, startKeeper } from './keeper.ts';
import { LabError } from './lab-error.ts';
import { type LabFile, rangeSchema } from './lab-schema.ts';
import { type Keeper, type Login, unshareCommand } from './login.ts';

/** The network of a lab's hosts: nobody else is on it, and it leads nowhere. */
export type Network = {
  readonly range: string;
  /** Address of each host, in the order of the lab file. */
  readonly addresses: ReadonlyMap<string, string>;
  /** Directory of the switch, the process whose network namespace all hosts are plugged into. */
  readonly directory: string;
};

/** The network that a lab file declares, in another range if one is given: the addresses keep their last number. */
export function networkOf(file: LabFile, directory: string, range = file.network?.range): Network | undefined {
  if (!file.network || range === undefined) return undefined;
  if (!rangeSchema.safeParse(range).success)
    throw new LabError(`${range} is no range for a lab\n    hint: write it like ${file.network.range}`);
  const first = range.split('.').slice(0, 3).join('.');
  const addresses = Object.entries(file.hosts).map(
    ([host, { address }]) => [host, `${first}.${address?.split('.')[3]}`] as const,
  );
  // No host can have a name that begins with a dot.
  return { range, addresses: new Map(addresses), directory: join(directory, '.switch') };
}

/** What a host's first process needs to plug itself in. */
export type Plug = { readonly switch: Keeper; readonly port: string; readonly address: string };

/** Starts a network's switch and returns what each host is plugged in with. */
export async function startSwitch(
  { directory, addresses, range }: Network,
  kind: Login['kind'],
  life: string,
): Promise<ReadonlyMap<string, Plug>> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const command = [...unshareCommand(kind, { network: 'own' }), ...keeperInit('switch-init.sh', directory)];
  const keeper = await startKeeper('the network', { directory, life, command, environment: {} });
  const prefix = range.split('/')[1];
  return new Map(
    [...addresses].map(([host, address], index) => [
      host,
      { switch: keeper, port: `host${index}`, address: `${address}/${prefix}` },
    ]),
  );
}

/** Is the network there? */
export function isConnected({ directory }: Network): boolean {
  return liveKeeper(directory) !== undefined;
}
