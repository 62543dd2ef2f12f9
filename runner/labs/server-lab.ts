import { randomUUID } from 'node:crypto';
import { existsSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Facts } from '../../core/runbook/model.ts';
import { closeSshSessions, hasSshSession } from '../sessions/ssh/open-ssh-session.ts';
import { databaseOfServer } from './host-database.ts';
import { readJson, writeJson } from './json-file.ts';
import type { HostStatus, Lab } from './lab.ts';
import { LabError } from './lab-error.ts';
import { lockLab } from './lab-lock.ts';
import { accessToServer, diagnoseServer, placeOf, reachServer, type Server, visitServer } from './server-host.ts';
import type { ServersFile } from './server-schema.ts';
import { settingsOf } from './server-settings.ts';

/** What is known of a lab that is up: what each host was found to be. */
type ServersState = { readonly instance: string; readonly facts: Readonly<Record<string, Facts>> };

/** How old an answer of `status` may be, in milliseconds: each new one is a login that a server's log will show. */
const statusAge = 60_000;

/**
 * A lab of one's own servers, over SSH. Coming up means that those that are needed can be used; nothing on them is ever
 * changed but by steps, and nothing taken back.
 */
export function serverLab(name: string, file: ServersFile, root: string): Lab {
  const state = join(realpathSync(root), '.tejun');
  const directory = join(state, 'labs', name);
  const stateFile = join(directory, 'lab.json');
  const folder = join(root, 'labs', name);
  const servers = Object.entries(file.hosts).map(
    ([host, declared]): Server => ({
      name: host,
      file: declared,
      settings: settingsOf(host, file, folder),
      directory: join(directory, host),
    }),
  );
  const hosts = servers.map((server) => server.name);
  const read = (): ServersState | undefined => readJson<ServersState>(stateFile);
  const statuses = new Map<string, { status: HostStatus; at: number }>();

  const serverCalled = (host: string): Server => {
    const found = servers.find((server) => server.name === host);
    if (found) return found;
    throw new LabError(`the lab ${name} has no host ${host}; it has ${hosts.join(', ')}`);
  };
  const notUp = (host: string): LabError =>
    new LabError(`host ${host}: the lab ${name} is not up\n    hint: \`tejun lab up ${name}\``);
  const closeSessions = async (): Promise<void> => {
    await Promise.all(servers.map((server) => closeSshSessions(server.directory)));
  };
  const look = async (server: Server): Promise<HostStatus> => {
    const place = placeOf(server);
    const tell = (status: HostStatus['state'], detail: string): HostStatus => ({
      host: server.name,
      state: status,
      detail,
    });
    // A session notices by itself when its connection is lost.
    if (hasSshSession(server.directory)) return tell('ready', place);
    const known = statuses.get(server.name);
    if (known !== undefined && performance.now() - known.at < statusAge) return known.status;
    const status = await reachServer(server).then(
      () => tell('ready', place),
      (error: Error) => tell('broken', error.message.split('\n')[0]?.replace(/^host \S+: /, '') ?? ''),
    );
    statuses.set(server.name, { status, at: performance.now() });
    return status;
  };

  return {
    name,
    title: file.title,
    checkpoints: [],
    typing: file.typing,
    offered: {},
    chosen: () => ({}),
    hosts,
    disposable: false,

    async up(progress, signal, needed = new Set(hosts)) {
      const known = read();
      const wanted = servers.filter((server) => needed.has(server.name) && known?.facts[server.name] === undefined);
      if (known !== undefined && wanted.length === 0) return;
      if (wanted.length > 0) progress(`${name}: connecting to ${wanted.map((server) => server.name).join(', ')}`);
      const visits = await Promise.allSettled(wanted.map((server) => visitServer(server, signal)));
      signal.throwIfAborted();
      const failures = visits.flatMap((visit) => (visit.status === 'rejected' ? [visit.reason as Error] : []));
      if (failures.length > 0) throw new LabError(failures.map(({ message }) => message).join('\n'));
      const found = visits.map((visit, index) => [
        wanted[index]?.name ?? '',
        visit.status === 'fulfilled' ? visit.value : {},
      ]);
      statuses.clear();
      const facts = { ...known?.facts, ...Object.fromEntries(found) };
      writeJson(stateFile, { instance: known?.instance ?? randomUUID(), facts } satisfies ServersState);
    },

    reached: () => Object.keys(read()?.facts ?? {}),

    async down(progress) {
      if (existsSync(directory)) progress(`${name}: letting go of the servers; nothing on them changes`);
      await closeSessions();
      statuses.clear();
      rmSync(directory, { recursive: true, force: true });
    },

    async reset(checkpoint) {
      if (checkpoint !== undefined) {
        throw new LabError(
          `the lab ${name} is of servers, which cannot be put back to the checkpoint ${checkpoint}\n    hint: bring them there yourself, and begin with \`--from\` and the first step that is then to run`,
        );
      }
      const known = read();
      if (known === undefined) throw new LabError(`the lab ${name} is not up\n    hint: \`tejun lab up ${name}\``);
      // A run begins with shells of its own; what is on the servers stays as it is.
      await closeSessions();
      writeJson(stateFile, { ...known, instance: randomUUID() } satisfies ServersState);
    },

    status: () =>
      Promise.all(
        servers.map((server) =>
          read() === undefined ? { host: server.name, state: 'down' as const, detail: '' } : look(server),
        ),
      ),

    doctor: async () =>
      (await Promise.all(servers.map((server) => diagnoseServer(server, databaseOfServer(server, folder))))).flat(),

    facts: async (host) => read()?.facts[host] ?? visitServer(serverCalled(host)),

    access(host) {
      const server = serverCalled(host);
      if (read() === undefined) throw notUp(host);
      return accessToServer(server);
    },

    database(host) {
      const server = serverCalled(host);
      if (read() !== undefined) return databaseOfServer(server, folder);
      throw notUp(host);
    },

    databaseKind: (host) => serverCalled(host).file.database?.kind,
    address: (host) => serverCalled(host).settings.address,
    instance: () => read()?.instance,
    lock: () => lockLab(name, join(state, 'locks', `lab-${name}`)),
  };
}
