import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { HostAccess } from '../sessions/session.ts';
import { sweepSessions } from '../sessions/sweep-sessions.ts';
import { emptyFiles, isKept, keepFiles, restoreFiles, writeIdentity } from './host-files.ts';
import { runOnHost } from './host-shell.ts';
import { endKeepers, liveKeeper, startKeeper } from './keeper.ts';
import { LabError } from './lab-error.ts';
import type { HostFile } from './lab-file.ts';
import { enterCommand, type Login } from './login.ts';
import { postgresPrograms } from './postgres-programs.ts';

/** One host of a lab: what is declared, where its files are, who logs in. */
export type Host = {
  readonly name: string;
  readonly file: HostFile;
  readonly directory: string;
  readonly login: Login;
};

/** A checkpoint of one host: its name, and the scripts (paths) that lead to it. */
export type HostCheckpoint = {
  readonly name: string;
  readonly prepare: string | undefined;
  readonly start: string | undefined;
};

/** What bringing a host somewhere needs: the name of its life from now on, its port, and a way to stop. */
export type Journey = { readonly life: string; readonly port: number; readonly signal: AbortSignal };

/** Puts a host on which nothing runs (`endHost`) to a checkpoint. */
export async function bringTo(host: Host, checkpoint: HostCheckpoint, journey: Journey): Promise<void> {
  const { directory, file, login } = host;
  writeIdentity(directory, host.name, login);
  if (isKept(directory, checkpoint.name)) {
    await restoreFiles(directory, checkpoint.name);
  } else {
    await emptyFiles(directory, file.directories, login);
    if (checkpoint.prepare !== undefined) {
      await startKeeper(host.name, directory, journey.life, login);
      await runScript(host, checkpoint.prepare, journey);
      await endKeepers(directory);
    }
    journey.signal.throwIfAborted();
    await keepFiles(directory, checkpoint.name);
  }
  journey.signal.throwIfAborted();
  await startKeeper(host.name, directory, journey.life, login);
  if (checkpoint.start !== undefined) await runScript(host, checkpoint.start, journey);
}

/** Ends every process of the host in a directory, and the sessions that led to it. */
export async function endHost(directory: string): Promise<void> {
  await endKeepers(directory);
  await sweepSessions(sessionsIn(directory));
}

/** How to log in on a host that is up. */
export function accessTo(host: Host, port: number): HostAccess {
  const keeper = liveKeeper(host.directory);
  if (!keeper) throw new LabError(`host ${host.name} is down\n    hint: \`tejun lab up\` brings its lab up`);
  return {
    kind: 'local',
    host: host.name,
    enter: enterCommand(host.login, keeper),
    environment: environmentOf(host, port),
    directory: sessionsIn(host.directory),
  };
}

function runScript(host: Host, path: string, { port, signal }: Journey): Promise<string> {
  const script = { name: basename(path), text: readFileSync(path, 'utf8') };
  return runOnHost(accessTo(host, port), script, join(host.directory, 'script.log'), signal);
}

function sessionsIn(directory: string): string {
  return join(directory, 'sessions');
}

function environmentOf({ file }: Host, port: number): Readonly<Record<string, string>> {
  const postgres = postgresPrograms();
  return {
    HOME: `/home/${file.user}`,
    USER: file.user,
    LOGNAME: file.user,
    SHELL: '/bin/bash',
    PATH: [...(postgres === undefined ? [] : [postgres]), '/usr/local/bin', '/usr/bin', '/bin'].join(':'),
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    TZ: 'UTC',
    // Nobody turns pages here, and nobody leaves an editor.
    PAGER: 'cat',
    PSQL_PAGER: '',
    EDITOR: 'cat',
    PGPORT: `${port}`,
    ...file.environment,
  };
}
