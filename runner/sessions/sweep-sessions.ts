import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { listProcesses, readProcess } from './process-table.ts';
import { filesIn, readState, type SessionFiles, type SessionState } from './session-files.ts';
import { endSession } from './terminal-processes.ts';

/** Ends every session that a host's directory records, whoever started it, and removes its files. */
export async function sweepSessions(directory: string): Promise<void> {
  if (!existsSync(directory)) return;
  const entries = readdirSync(directory, { withFileTypes: true });
  const sessions = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => filesIn(join(directory, entry.name)))
    .filter((files) => existsSync(files.spool) || existsSync(files.pid) || existsSync(files.owner));
  await Promise.all(sessions.map((files) => sweepSession(files)));
}

/** Ends one session, by what its files record; `remove`s the files. */
export async function sweepSession(files: SessionFiles, remove = true): Promise<void> {
  const state = readState(files) ?? unfinished(files);
  if (state !== undefined) await endSession(state);
  if (remove) rmSync(files.directory, { recursive: true, force: true });
}

/** A session whose runner died while opening it has no state, only the holder's pid. */
function unfinished(files: SessionFiles): SessionState | undefined {
  try {
    const pid = Number(readFileSync(files.pid, 'utf8'));
    const holder = readProcess(pid);
    // The pid may be another process's by now: it must hold this very spool.
    if (holder === undefined || !readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(files.spool)) return undefined;
    const leader = listProcesses().find((entry) => entry.parent === pid) ?? holder;
    const { terminal } = leader;
    return { version: 1, holder, leader, shell: leader, terminal, nonce: '', forgotten: 0 };
  } catch {
    return undefined;
  }
}
