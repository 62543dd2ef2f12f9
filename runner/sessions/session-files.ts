import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, type ProcessIdentity, readProcess } from './process-table.ts';

/** A session's files: each session has a directory of its own within its host's. */
export type SessionFiles = {
  readonly directory: string;
  /** What the terminal printed, appended by the holder. */
  readonly spool: string;
  /** The pipe that keys go into. */
  readonly keys: string;
  /** The shell's exit status, written when it has ended. */
  readonly exit: string;
  /** The holder's pid, written before anything else. */
  readonly pid: string;
  /** The commands that runners typed, which watchers see as the page has them. */
  readonly typed: string;
  readonly state: string;
  readonly owner: string;
  /** What the holder itself complains about. */
  readonly trouble: string;
  /** How many bytes of output the holder could not write, and why. */
  readonly lost: string;
};

/** What a later runner must know to take a session up. All else it reads from the spool. */
export type SessionState = {
  readonly version: 1;
  /** The process that holds the terminal. */
  readonly holder: ProcessIdentity;
  /** The leader of the terminal's process session. */
  readonly leader: ProcessIdentity;
  readonly shell: ProcessIdentity;
  /** Device number of the terminal. */
  readonly terminal: number;
  readonly nonce: string;
  /** Commands up to this number are no longer in the spool. */
  readonly forgotten: number;
  /** False while its runner still sets up the shell integration. */
  readonly ready?: boolean;
  /** What watchers know of the terminal; absent while nothing of its spool is gone. */
  readonly shown?: ShownBefore;
};

/** What watchers were shown of a terminal before its spool's present beginning. */
export type ShownBefore = {
  /** Names the text whose units are counted. */
  readonly terminal: string;
  /** UTF-16 units. */
  readonly units: number;
};

/** The files of session `name` in a host's directory. */
export function sessionFiles(directory: string, name: string): SessionFiles {
  return filesIn(
    join(
      directory,
      encodeURIComponent(name).replace(/^\.+/, (dots) => '%2E'.repeat(dots.length)),
    ),
  );
}

/** The files of the session that lives in `directory`. */
export function filesIn(directory: string): SessionFiles {
  const file = (name: string) => join(directory, name);
  return {
    directory,
    spool: file('spool'),
    keys: file('keys'),
    exit: file('exit'),
    pid: file('pid'),
    typed: file('typed.jsonl'),
    state: file('state.json'),
    owner: file('owner.json'),
    trouble: file('trouble'),
    lost: file('lost'),
  };
}

/** Reads the state, or undefined when there is none that this version understands. */
export function readState(files: SessionFiles): SessionState | undefined {
  const state = readJson<SessionState>(files.state);
  return state?.version === 1 ? state : undefined;
}

/** Whether its shell came up; states of older versions were written afterwards only. */
export function isReady({ ready = true }: SessionState): boolean {
  return ready;
}

/** Writes the state so that a reader finds the old or the new one, never a half. */
export function writeState(files: SessionFiles, state: SessionState): void {
  writeJson(files.state, state);
}

/** Writes the state where that can be done; whether it could. */
export function tryWriteState(files: SessionFiles, state: SessionState): boolean {
  try {
    writeState(files, state);
    return true;
  } catch {
    return false;
  }
}

/** The shell's exit status, 128 + signal for a signal; undefined when it was not written. */
export function readExit(files: SessionFiles): number | undefined {
  try {
    const text = readFileSync(files.exit, 'utf8').trim();
    return /^\d+$/.test(text) ? Number(text) : undefined;
  } catch {
    return undefined;
  }
}

/** What the session's holder complains about; undefined: nothing. */
export function readTrouble(files: SessionFiles): string | undefined {
  try {
    return readFileSync(files.trouble, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Makes this process the one that uses the session; throws when another living process does. */
export function claim(files: SessionFiles, host: string, name: string): void {
  mkdirSync(files.directory, { recursive: true, mode: 0o700 });
  const owner = readJson<ProcessIdentity>(files.owner);
  if (owner !== undefined && isAlive(owner)) {
    const who = owner.pid === process.pid ? 'this process' : `process ${owner.pid}`;
    throw new Error(
      `session ${name} on host ${host} is in use by ${who}; wait until it ends, or end it, and try again`,
    );
  }
  writeJson(files.owner, { pid: process.pid, startTime: readProcess(process.pid)?.startTime ?? '' });
}

/** Lets another runner use the session. */
export function release(files: SessionFiles): void {
  rmSync(files.owner, { force: true });
}

function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

function writeJson(path: string, value: unknown): void {
  const draft = `${path}.${process.pid}`;
  try {
    writeFileSync(draft, JSON.stringify(value), { mode: 0o600 });
    renameSync(draft, path);
  } catch (error) {
    throw notWritten(path, error);
  }
}

/** What is wrong when a session's file cannot be written. */
export function notWritten(path: string, error: unknown): Error {
  const why = error instanceof Error ? error.message : String(error);
  return new Error(`${path} could not be written (${why}); make room on that file system, then start over`);
}
