import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { bootstrapLine } from './bash-integration.ts';
import { isAlive, listProcesses, type ProcessEntry, readProcess } from './process-table.ts';
import { lastSequence } from './replay.ts';
import type { HostAccess } from './session.ts';
import {
  claim,
  filesIn,
  isReady,
  readState,
  release,
  type SessionFiles,
  type SessionState,
  sessionFiles,
  writeState,
} from './session-files.ts';
import { LocalSession } from './shell-session.ts';
import { startHolder } from './start-shell.ts';
import { sweepSession } from './sweep-sessions.ts';
import { cmdKind } from './windows/cmd-integration.ts';

/** How a session is opened. */
export type SessionOptions = {
  /** Terminal size in characters. */
  readonly columns?: number;
  readonly rows?: number;
  /** How long a shell may take to come up, in milliseconds. */
  readonly openTimeout?: number;
  /** Aborting gives up a server that takes its time. */
  readonly signal?: AbortSignal;
  /** Told what the session cannot do on its server, and what follows from it. */
  readonly onNotice?: (text: string) => void;
};

/**
 * Opens session `name` on a host: takes up the live one that an earlier runner left in `access.directory`, else starts
 * a shell. Rejects when another process uses the session, or when no shell comes up.
 */
export async function openLocalSession(
  access: HostAccess,
  name: string,
  options: SessionOptions = {},
): Promise<LocalSession> {
  const files = sessionFiles(access.directory, name);
  const previous = filesIn(`${files.directory}~`);
  claim(files, access.host, name);
  try {
    const state = readState(files);
    // A shell that a killed runner was still setting up has run nothing of anybody's.
    if (state !== undefined && isReady(state) && isAlive(state.holder) && isAlive(state.shell)) {
      const session = new LocalSession(access, name, files, previous, state);
      await session.attach();
      return session;
    }
    return await start(access, name, files, previous, options);
  } catch (error) {
    release(files);
    throw error;
  }
}

async function start(
  access: HostAccess,
  name: string,
  files: SessionFiles,
  previous: SessionFiles,
  options: SessionOptions,
): Promise<LocalSession> {
  const forgotten = Math.max(lastSequence(files), lastSequence(previous));
  await setAside(files, previous);
  claim(files, access.host, name);
  // The sign tells watchers where one may begin.
  const nonce = `@${randomBytes(16).toString('hex')}`;
  try {
    const holder = identity(readProcess(await startHolder(access, files)), access.host, files);
    const leader = await findLeader(holder.pid, access.host, files);
    const state: SessionState = {
      version: 1,
      holder,
      leader: identity(leader, access.host, files),
      shell: identity(leader, access.host, files),
      terminal: leader.terminal,
      nonce,
      forgotten,
      ready: false,
    };
    writeState(files, state);
    const session = new LocalSession(access, name, files, previous, state);
    try {
      const size = [options.columns ?? 120, options.rows ?? 30] as const;
      const line = bootstrapLine(nonce, ...size, access.startIn, access.shell === 'cmd' ? cmdKind : undefined);
      await session.bootstrap(line, options.openTimeout ?? 15_000);
    } catch (error) {
      session.detach();
      throw error;
    }
    return session;
  } catch (error) {
    await sweepSession(files);
    throw error;
  }
}

/** Keeps what a dead session printed, so that its last command can still be told. */
async function setAside(files: SessionFiles, previous: SessionFiles): Promise<void> {
  const state = readState(files);
  const kept = state !== undefined && isReady(state) && existsSync(files.spool);
  if (kept) {
    rmSync(previous.directory, { recursive: true, force: true });
    await sweepSession(files, false);
    renameSync(files.directory, previous.directory);
  } else {
    await sweepSession(files);
  }
}

async function findLeader(holder: number, host: string, files: SessionFiles): Promise<ProcessEntry> {
  for (const deadline = Date.now() + 5000; Date.now() < deadline; await setTimeout(1)) {
    const leader = listProcesses().find((entry) => entry.parent === holder && entry.terminal !== 0);
    if (leader !== undefined) return leader;
    if (readProcess(holder) === undefined) break;
  }
  throw endedAtOnce(host, files);
}

function identity(
  entry: ProcessEntry | undefined,
  host: string,
  files: SessionFiles,
): { pid: number; startTime: string } {
  if (entry === undefined) throw endedAtOnce(host, files);
  return { pid: entry.pid, startTime: entry.startTime };
}

function endedAtOnce(host: string, files: SessionFiles): Error {
  const shown = readFileSync(files.spool, 'utf8').trim();
  return new Error(
    `the login on host ${host} ended as soon as it had started. The terminal shows: ${shown || 'nothing'}`,
  );
}

export { sweepSessions } from './sweep-sessions.ts';
export { LocalSession };
