import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { nearest } from '../../core/nearest.ts';
import { probeFacts } from './facts.ts';
import { freePort } from './free-port.ts';
import { removeTree } from './host-files.ts';
import { hostStatus } from './host-status.ts';
import { readJson, writeJson } from './json-file.ts';
import { liveKeeper, startersOf } from './keeper.ts';
import type { Diagnosis, HostStatus, Lab } from './lab.ts';
import { LabError } from './lab-error.ts';
import type { LabFile } from './lab-file.ts';
import { lockLab } from './lab-lock.ts';
import { findLogin } from './login.ts';
import { diagnoseMachine } from './machine.ts';
import { accessTo, bringTo, endHost, type Host, type HostCheckpoint } from './namespace-host.ts';

/** What is known about a lab that is not down. Without an instance it is on the way, or was left there by a crash. */
type LabState = {
  readonly version: 1;
  readonly port: number;
  readonly checkpoint: string;
  readonly instance: string | undefined;
};

/** A lab whose hosts are made from the kernel's namespaces; everything of it lies in `root/.tejun/labs/NAME`. */
export function namespaceLab(name: string, file: LabFile, root: string): Lab {
  const state = join(realpathSync(root), '.tejun');
  const directory = join(state, 'labs', name);
  const stateFile = join(directory, 'lab.json');
  const hosts = Object.entries(file.hosts).map(
    ([host, declared]): Host => ({
      name: host,
      file: declared,
      directory: join(directory, host),
      login: findLogin(declared.user),
    }),
  );
  const checkpoints = Object.entries(file.checkpoints).map(([checkpoint, { prepare, start }]): HostCheckpoint => {
    const script = (path: string | undefined) => (path === undefined ? undefined : join(root, 'labs', name, path));
    return { name: checkpoint, prepare: script(prepare), start: script(start) };
  });

  const read = (): LabState | undefined => readJson<LabState>(stateFile);
  const writeState = (next: Omit<LabState, 'version'>): void =>
    writeJson(stateFile, { version: 1, ...next } satisfies LabState);
  const isUp = (): boolean => read()?.instance !== undefined && hosts.every((host) => liveKeeper(host.directory));
  const hostCalled = (wanted: string): Host => {
    const found = hosts.find((host) => host.name === wanted);
    if (found) return found;
    throw new LabError(`the lab ${name} has no host ${wanted}; it has ${hosts.map((host) => host.name).join(', ')}`);
  };
  const access = (host: string) => accessTo(hostCalled(host), read()?.port ?? 0);

  const bringAll = async (checkpoint: HostCheckpoint, signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    const before = read()?.port;
    // First of all: whoever finds this after a crash knows that the lab is not what it was.
    if (before !== undefined) writeState({ port: before, checkpoint: checkpoint.name, instance: undefined });
    for (const host of hosts) await endHost(host.directory);
    const port = await freePort(before);
    const journey = { life: randomUUID(), port, signal };
    writeState({ port, checkpoint: checkpoint.name, instance: undefined });
    for (const host of hosts) {
      mkdirSync(host.directory, { recursive: true, mode: 0o700 });
      await bringTo(host, checkpoint, journey);
    }
    writeState({ port, checkpoint: checkpoint.name, instance: journey.life });
  };

  const clean = async (): Promise<void> => {
    if (!existsSync(directory)) return;
    const found = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    for (const each of found) await endHost(join(directory, each.name));
    await removeTree(directory);
  };

  return {
    name,
    title: file.title,
    checkpoints: checkpoints.map((each) => each.name),
    typing: file.typing,
    hosts: hosts.map((host) => host.name),
    disposable: file.disposable,

    async up(progress, signal) {
      if (isUp()) return;
      if (existsSync(directory)) {
        progress(`${name}: cleaning up what an interrupted run left`);
        await clean();
      }
      const first = checkpoints[0] ?? { name: 'empty', prepare: undefined, start: undefined };
      progress(`${name}: bringing ${hosts.map((host) => host.name).join(', ')} to ${first.name}`);
      try {
        await bringAll(first, signal);
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
      await bringAll(checkpoint, signal);
    },

    async status(): Promise<readonly HostStatus[]> {
      const known = read();
      const serves = checkpoints.find((each) => each.name === known?.checkpoint)?.start !== undefined;
      return Promise.all(
        hosts.map((host) =>
          known === undefined && startersOf(host.directory).length === 0
            ? { host: host.name, state: 'down' as const, detail: '' }
            : hostStatus(host, {
                complete: known?.instance !== undefined,
                serves,
                checkpoint: known?.checkpoint ?? '',
                port: known?.port ?? 0,
              }),
        ),
      );
    },

    async doctor(): Promise<readonly Diagnosis[]> {
      const strays = isUp() ? [] : hosts.flatMap((host) => startersOf(host.directory));
      return [
        ...(await diagnoseMachine(state, hosts[0]?.login.kind ?? 'self')),
        {
          ok: isUp() || (strays.length === 0 && !existsSync(directory)),
          what: isUp() ? `${name} is up` : `nothing left of an interrupted ${name}`,
          hint: `\`tejun lab down ${name}\` ends and removes it`,
        },
      ];
    },

    facts: async (host) => probeFacts(hostCalled(host).directory, access(host)),
    access,
    instance: () => (isUp() ? read()?.instance : undefined),
    lock: () => lockLab(name, join(state, 'locks', `lab-${name}`)),
  };
}

function noCheckpoint(lab: string, wanted: string, known: readonly string[]): string {
  const near = nearest(wanted, known);
  const hint = near === undefined ? `there are ${known.join(', ')}` : `did you mean ${near}?`;
  return `the lab ${lab} has no checkpoint ${wanted}\n    hint: ${hint}`;
}
