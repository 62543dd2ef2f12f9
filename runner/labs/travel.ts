import { basename } from 'node:path';
import type { Checkpoint, Phase } from './checkpoint.ts';
import { keepAs, keepFiles } from './host-files.ts';
import { endOthers } from './keeper.ts';
import type { Progress } from './lab.ts';
import {
  endHost,
  environmentOf,
  furnish,
  type Host,
  hasKept,
  prepareIdentity,
  runScript,
  settleHost,
  startHost,
  startSshServer,
} from './namespace-host.ts';
import { type Network, type Plug, startSwitch } from './network.ts';
import { makeSshKeys, type SshHost } from './ssh-files.ts';
import { together } from './together.ts';

/** The hosts that go somewhere together. */
export type Company = {
  readonly hosts: readonly Host[];
  readonly network: Network | undefined;
  /** Folder of the lab's own files; hosts find a copy of it in /run/lab. */
  readonly folder: string;
};

/** The name of the hosts' life from now on, who is told what happens, and a way to stop. */
export type Journey = { readonly life: string; readonly progress: Progress; readonly signal: AbortSignal };

/** Puts hosts on which nothing runs (`endCompany`) to a checkpoint; what has to be prepared is kept for the next time. */
export async function travel(company: Company, checkpoint: Checkpoint, journey: Journey): Promise<void> {
  const { hosts } = company;
  const peers = sshHosts(company);
  await makeSshKeys(peers);
  for (const host of hosts) prepareIdentity(host, peers);
  const missing = missingOn(hosts, checkpoint);
  const kept = missing.length === 0 ? checkpoint : missing[0]?.from;
  await Promise.all(hosts.map((host) => furnish(host, kept?.name, peers)));
  const { signal } = journey;
  if (missing.some(({ prepare }) => prepare.length > 0)) await startCompany(company, journey);
  for (const next of missing) {
    signal.throwIfAborted();
    await prepare(company, next, journey);
  }
  // Anew, so that a checkpoint is the same whether it has just been prepared or is returned to.
  await endCompany(company);
  await startCompany(company, journey);
  if (company.network) await together(hosts, signal, startSshServer);
  await runPhases(company, checkpoint.start, journey);
}

/** Ends every process of all hosts and their network. */
export async function endCompany({ hosts, network }: Company): Promise<void> {
  const directories = [...hosts, ...(network ? [network] : [])].map(({ directory }) => directory);
  await Promise.all(directories.map(endHost));
}

/** Brings hosts whose files are as at the checkpoint before to this one, and keeps their files. */
async function prepare(company: Company, { name, from, prepare: phases }: Checkpoint, journey: Journey): Promise<void> {
  await runPhases(company, phases, journey);
  const isAsBefore = (host: Host): boolean => !phases.some(({ hosts }) => hosts.includes(host.name));
  await together(company.hosts, journey.signal, async (host) => {
    if (from && isAsBefore(host)) return keepAs(host.directory, name, from.name);
    await settleHost(host, journey.signal);
    await endOthers(host.directory);
    await keepFiles(host.directory, name);
  });
}

async function startCompany({ hosts, network, folder }: Company, { life, signal }: Journey): Promise<void> {
  signal.throwIfAborted();
  const [{ login } = { login: { kind: 'self' as const } }] = hosts;
  const plugs: ReadonlyMap<string, Plug> = network ? await startSwitch(network, login.kind, life) : new Map();
  await together(hosts, signal, (host) => startHost(host, plugs.get(host.name), { life, lab: folder, signal }));
}

async function runPhases({ hosts }: Company, phases: readonly Phase[], { signal, progress }: Journey): Promise<void> {
  for (const { script, hosts: names } of phases) {
    signal.throwIfAborted();
    if (hosts.length > 1) progress(`  ${basename(script)} on ${names.join(', ')}`);
    const chosen = hosts.filter(({ name }) => names.includes(name));
    await together(chosen, signal, (host, stop) => runScript(host, script, stop));
  }
}

/** The checkpoints on the way to one, itself included, that not every host has kept; the first one first. */
function missingOn(hosts: readonly Host[], checkpoint: Checkpoint): readonly Checkpoint[] {
  if (hosts.every((host) => hasKept(host, checkpoint.name))) return [];
  return [...(checkpoint.from ? missingOn(hosts, checkpoint.from) : []), checkpoint];
}

function sshHosts({ hosts, network }: Company): readonly SshHost[] {
  if (!network) return [];
  return hosts.map((host) => ({
    name: host.name,
    address: network.addresses.get(host.name) ?? '',
    directory: host.directory,
    login: host.login,
    environment: environmentOf(host),
  }));
}
