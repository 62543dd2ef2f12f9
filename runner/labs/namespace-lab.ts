import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { nearest } from '../../core/nearest.ts';
import type { Facts } from '../../core/runbook/model.ts';
import { type Checkpoint, checkpointsOf, emptyHosts, startsOn } from './checkpoint.ts';
import { probeFacts } from './facts.ts';
import { freePort } from './free-port.ts';
import { databaseOfNamespace } from './host-database.ts';
import { removeTree } from './host-files.ts';
import { hostStatus } from './host-status.ts';
import { readJson, writeJson } from './json-file.ts';
import { liveKeeper, startersOf } from './keeper.ts';
import type { Diagnosis, HostStatus, Lab, Progress } from './lab.ts';
import { LabError } from './lab-error.ts';
import { chooseFacts, differing, type OfferedFacts } from './lab-facts.ts';
import type { LabFile } from './lab-file.ts';
import { lockLab } from './lab-lock.ts';
import { findLogin } from './login.ts';
import { diagnoseMachine, diagnosePort } from './machine.ts';
import { accessTo, endHost, type Host } from './namespace-host.ts';
import { isConnected, networkOf } from './network.ts';
import { diagnoseNetwork, diagnosePackages } from './network-diagnosis.ts';
import { postgresPrograms } from './postgres-programs.ts';
import { type Company, endCompany, travel } from './travel.ts';
import { majorOf } from './windows/builds.ts';
import { kitOf } from './windows/kit.ts';
import { diagnoseWindows, prepareWindows } from './windows/prepare.ts';

/** What is known about a lab that is not down. Without an instance it is on the way, or was left there by a crash. */
type LabState = {
  readonly version: 1;
  readonly port: number;
  readonly range: string | undefined;
  readonly checkpoint: string;
  readonly instance: string | undefined;
  /** What was chosen; a lab that offers nothing has none. */
  readonly facts?: Facts;
};

/** What of the lab file is to be otherwise than it says or than its default. */
export type LabWishes = { readonly range?: string | undefined; readonly facts?: Facts };

/** Port of a server that has a network of its own. */
const ownPort = 5432;

/**
 * A lab whose hosts are made from the kernel's namespaces; everything of it lies in `root/.tejun/labs/NAME`. `range`:
 * addresses instead of those that the lab file declares; `facts`: what it is to be of what the file offers.
 */
export function namespaceLab(
  name: string,
  file: LabFile,
  root: string,
  { range, facts: asked = {} }: LabWishes = {},
): Lab {
  const offered: OfferedFacts = file.facts.pg ? { pg: file.facts.pg } : {};
  const wanted = chooseFacts(name, offered, asked);
  const state = join(realpathSync(root), '.tejun');
  const directory = join(state, 'labs', name);
  const stateFile = join(directory, 'lab.json');
  const folder = join(realpathSync(root), 'labs', name);
  const checkpoints = checkpointsOf(file, folder);
  const hosts = Object.keys(file.hosts);
  const { kind } = findLogin('root');
  const hasWindows = Object.values(file.hosts).some(({ system }) => system === 'windows');

  const read = (): LabState | undefined => readJson<LabState>(stateFile);
  const chosen = (known: LabState | undefined): Facts => (known === undefined ? wanted : (known.facts ?? {}));
  const writeState = (next: Omit<LabState, 'version'>): void =>
    writeJson(stateFile, { version: 1, ...next } satisfies LabState);
  const company = (port: number, known = read()): Company => {
    const network = networkOf(file, directory, known?.range ?? range);
    const { pg } = chosen(known);
    const build = ([host, declared]: [string, LabFile['hosts'][string]]): Host => ({
      name: host,
      file: declared,
      directory: join(directory, host),
      login: findLogin(declared.user),
      port: declared.port ?? port,
      windows: declared.system === 'windows' ? kitOf(state, pg) : undefined,
      postgres: hasWindows ? undefined : pg,
      addresses: network?.addresses,
    });
    return { hosts: Object.entries(file.hosts).map(build), network, folder };
  };
  const current = (): Company => company(read()?.port ?? 0);
  const isUp = (): boolean => {
    if (read()?.instance === undefined) return false;
    const { hosts, network } = current();
    return hosts.every((host) => liveKeeper(host.directory)) && (!network || isConnected(network));
  };
  const hostCalled = (wanted: string): Host => {
    const found = current().hosts.find((host) => host.name === wanted);
    if (found) return found;
    throw new LabError(`the lab ${name} has no host ${wanted}; it has ${hosts.join(', ')}`);
  };
  const access = (host: string) => accessTo(hostCalled(host));

  const bringAll = async (checkpoint: Checkpoint, progress: Progress, signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    const before = read();
    // First of all: whoever finds this after a crash knows that the lab is not what it was.
    if (before !== undefined) writeState({ ...before, checkpoint: checkpoint.name, instance: undefined });
    await endCompany(current());
    const port = file.network ? ownPort : await freePort(before?.port);
    const next = { port, range: before?.range ?? range, checkpoint: checkpoint.name, facts: chosen(before) };
    writeState({ ...next, instance: undefined });
    const life = randomUUID();
    await travel(company(port), checkpoint, { life, progress, signal });
    writeState({ ...next, instance: life });
  };

  const clean = async (): Promise<void> => {
    if (!existsSync(directory)) return;
    const found = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    await Promise.all(found.map((each) => endHost(join(directory, each.name))));
    await removeTree(directory);
  };

  return {
    name,
    title: file.title,
    checkpoints: checkpoints.map((each) => each.name),
    typing: file.typing,
    offered,
    // What is left of a lab that broke or never came up says nothing of how it comes up the next time.
    chosen: () => chosen(isUp() ? read() : undefined),
    hosts,
    reached: () => (isUp() ? hosts : []),
    disposable: file.disposable,

    async up(progress, signal) {
      if (isUp()) {
        const is = chosen(read());
        const otherwise = differing(is, asked);
        if (otherwise !== '')
          throw new LabError(
            `the lab ${name} is up with ${otherwise}, not ${differing(asked, is)}\n    hint: \`tejun lab down ${name}\` first`,
          );
        const unknown = Object.keys(wanted).filter((fact) => !Object.hasOwn(is, fact));
        if (unknown.length > 0)
          throw new LabError(
            `the lab ${name} came up before its file offered ${unknown.join(', ')}, so nobody chose what it is\n    hint: \`tejun lab down ${name}\` first`,
          );
        const at = current().network?.range;
        if (range === undefined || at === undefined || at === range) return;
        throw new LabError(
          `the lab ${name} is up with ${at}, not ${range}\n    hint: \`tejun lab down ${name}\` first`,
        );
      }
      if (existsSync(directory)) {
        // It does not come up as that again by itself, for it may have been nobody's wish.
        const was = differing(read()?.facts ?? {}, wanted);
        progress(`${name}: cleaning up what an interrupted run left${was === '' ? '' : `, which was with ${was}`}`);
        await clean();
      }
      const packages = diagnosePackages(name, file.packages);
      if (!packages.ok)
        throw new LabError(`the lab ${name} cannot come up: ${packages.what}\n    hint: ${packages.hint}`);
      if (!hasWindows && wanted.pg !== undefined && postgresPrograms(wanted.pg) === undefined)
        throw new LabError(
          `the lab ${name} cannot come up: there is no PostgreSQL ${wanted.pg} in /usr/lib/postgresql\n    hint: apt-get install --no-install-recommends postgresql-${wanted.pg}, or choose another version`,
        );
      const first = checkpoints[0] ?? emptyHosts;
      progress(`${name}: bringing ${hosts.join(', ')} to ${first.name}`);
      try {
        if (hasWindows)
          await prepareWindows(kitOf(state, wanted.pg), state, kind, { clients: file.clients, progress, signal });
        await bringAll(first, progress, signal);
      } catch (error) {
        await clean();
        throw error;
      }
    },

    async down(progress) {
      if (existsSync(directory)) progress(`${name}: going down`);
      await clean();
    },

    async reset(wanted, progress, signal) {
      const checkpoint = wanted === undefined ? checkpoints[0] : checkpoints.find((each) => each.name === wanted);
      if (!checkpoint)
        throw new LabError(
          noCheckpoint(
            name,
            wanted ?? '',
            checkpoints.map((each) => each.name),
          ),
        );
      if (!isUp()) throw new LabError(`the lab ${name} is not up\n    hint: \`tejun lab up ${name}\``);
      progress(`${name}: back to ${checkpoint.name}`);
      await bringAll(checkpoint, progress, signal);
    },

    async status(): Promise<readonly HostStatus[]> {
      const known = read();
      const checkpoint = checkpoints.find((each) => each.name === known?.checkpoint);
      const { hosts, network } = current();
      return Promise.all(
        hosts.map((host) =>
          known === undefined && startersOf(host.directory).length === 0
            ? { host: host.name, state: 'down' as const, detail: '' }
            : hostStatus(host, {
                complete: known?.instance !== undefined,
                connected: !network || isConnected(network),
                serves: startsOn(checkpoint, host.name),
                checkpoint: known?.checkpoint ?? '',
              }),
        ),
      );
    },

    async doctor(): Promise<readonly Diagnosis[]> {
      const { hosts, network } = current();
      const strays = isUp()
        ? []
        : [...hosts, ...(network ? [network] : [])].flatMap((each) => startersOf(each.directory));
      return [
        ...(await diagnoseMachine({ state, kind, hosts: hosts.length })),
        ...(file.packages.length > 0 ? [diagnosePackages(name, file.packages)] : []),
        ...(hasWindows ? [diagnoseWindows(kitOf(state, chosen(read()).pg), state, file.clients)] : []),
        await (network ? diagnoseNetwork(kind) : diagnosePort()),
        {
          ok: isUp() || (strays.length === 0 && !existsSync(directory)),
          what: isUp() ? `${name} is up` : `nothing left of an interrupted ${name}`,
          hint: `\`tejun lab down ${name}\` ends and removes it`,
        },
      ];
    },

    facts: async (host) => {
      const { directory, file } = hostCalled(host);
      const probed = await probeFacts(directory, access(host));
      if (offered.pg) refuseOthers(hostCalled(host), probed);
      return { ...probed, ...file.facts };
    },
    access,
    database: (host) => databaseOfNamespace(hostCalled(host), folder),
    databaseKind: (host) => file.hosts[host]?.database?.kind,
    address: (host) => current().network?.addresses.get(host),
    instance: () => (isUp() ? read()?.instance : undefined),
    lock: () => lockLab(name, join(state, 'locks', `lab-${name}`)),
  };
}

/** What was chosen has to be what is there: a run on anything else would be a false one. */
function refuseOthers({ name, windows, postgres }: Host, { pg }: Facts): void {
  const wanted = windows ? majorOf(windows.build) : postgres;
  if (wanted === undefined || pg === wanted) return;
  throw new LabError(
    `host ${name} has ${pg === undefined ? 'no PostgreSQL' : `PostgreSQL ${pg}`}, not ${wanted} as was chosen`,
  );
}

function noCheckpoint(lab: string, wanted: string, known: readonly string[]): string {
  const near = nearest(wanted, known);
  const hint = near === undefined ? `there are ${known.join(', ')}` : `did you mean ${near}?`;
  return `the lab ${lab} has no checkpoint ${wanted}\n    hint: ${hint}`;
}
