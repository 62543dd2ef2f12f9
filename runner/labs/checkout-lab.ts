import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { HostAccess } from '../sessions/session.ts';
import { sweepSessions } from '../sessions/sweep-sessions.ts';
import { probeFacts } from './facts.ts';
import { databaseOfMachine } from './host-database.ts';
import { readJson, writeJson } from './json-file.ts';
import type { Lab } from './lab.ts';
import { LabError } from './lab-error.ts';
import type { HostFile, LabFile } from './lab-file.ts';
import { lockLab } from './lab-lock.ts';

/**
 * A lab that is this machine: its one host is a shell in the repository, as who runs it. For pages about the
 * repository itself, such as its README; nothing is isolated, and nothing but sessions is ever cleaned.
 */
export function checkoutLab(name: string, file: LabFile, root: string): Lab {
  const state = join(realpathSync(root), '.tejun');
  const directory = join(state, 'labs', name);
  const stateFile = join(directory, 'lab.json');
  const hosts = Object.keys(file.hosts);
  const instance = (): string | undefined => readJson<{ instance: string }>(stateFile)?.instance;

  const hostCalled = (host: string): HostFile => {
    const declared = file.hosts[host];
    if (declared) return declared;
    throw new LabError(`the lab ${name} has no host ${host}; it has ${hosts.join(', ')}`);
  };
  const access = (host: string): HostAccess => {
    const declared = hostCalled(host);
    return {
      kind: 'local',
      host,
      enter: [],
      startIn: root,
      environment: {
        ...ownEnvironment(),
        TERM: 'xterm-256color',
        PAGER: 'cat',
        PSQLRC: '/dev/null',
        ...declared.environment,
      },
      directory: join(directory, host, 'sessions'),
    };
  };
  const sweep = async (): Promise<void> => {
    if (!existsSync(directory)) return;
    for (const host of readdirSync(directory)) await sweepSessions(join(directory, host, 'sessions'));
  };
  const renew = (): void => writeJson(stateFile, { instance: randomUUID() });

  return {
    name,
    title: file.title,
    checkpoints: [],
    typing: file.typing,
    offered: {},
    chosen: () => ({}),
    hosts,
    disposable: file.disposable,
    access,
    database(host) {
      const { database } = hostCalled(host);
      return database && databaseOfMachine(host, database, join(root, 'labs', name));
    },
    databaseKind: (host) => hostCalled(host).database?.kind,
    address: () => undefined,
    instance,
    reached: () => (instance() === undefined ? [] : hosts),
    async up() {
      if (instance() !== undefined) return;
      for (const host of hosts) mkdirSync(join(directory, host), { recursive: true, mode: 0o700 });
      renew();
    },
    async down() {
      await sweep();
      rmSync(directory, { recursive: true, force: true });
    },
    async reset(checkpoint) {
      if (checkpoint !== undefined) throw new LabError(`the lab ${name} is this machine and has no checkpoints`);
      await sweep();
      renew();
    },
    status: async () =>
      hosts.map((host) =>
        instance() === undefined ? { host, state: 'down', detail: '' } : { host, state: 'ready', detail: `in ${root}` },
      ),
    doctor: async () => [{ ok: true, what: 'this machine is its own lab', hint: '' }],
    facts: (host) => probeFacts(join(directory, host), access(host)),
    lock: () => lockLab(name, join(state, 'locks', `lab-${name}`)),
  };
}

function ownEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
