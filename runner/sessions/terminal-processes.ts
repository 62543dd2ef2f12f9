import { setTimeout } from 'node:timers/promises';
import { isAlive, listProcesses, type ProcessEntry, signalProcess } from './process-table.ts';
import type { SessionState } from './session-files.ts';

/**
 * Every process of the session's terminal, the holder not among them. The terminal's number counts only while the
 * holder lives, afterwards it may be another terminal's; a daemon that left the terminal by setsid is not found.
 */
export function terminalProcesses(state: SessionState): ProcessEntry[] {
  const held = isAlive(state.holder);
  const led = isAlive(state.leader);
  if (!held && !led) return [];
  return listProcesses().filter(
    (entry) =>
      (held && state.terminal !== 0 && entry.terminal === state.terminal) ||
      (led && entry.session === state.leader.pid),
  );
}

/** Signals what the shell has started and what still has the terminal; not the shell nor what leads to it. */
export function signalCommands(state: SessionState, signal: NodeJS.Signals): void {
  const processes = terminalProcesses(state);
  const spared = leadingToShell(state, processes);
  for (const entry of processes) {
    if (entry.pid !== state.shell.pid && !spared.has(entry.pid)) signalProcess(entry, signal);
  }
}

/** Pids of what stands between the holder and the shell: a leading shell, and what enters the host. */
function leadingToShell(state: SessionState, processes: readonly ProcessEntry[]): ReadonlySet<number> {
  const parents = new Map(processes.map((entry) => [entry.pid, entry.parent]));
  const found = new Set([state.leader.pid]);
  for (let pid = parents.get(state.shell.pid); pid !== undefined && !found.has(pid); pid = parents.get(pid))
    found.add(pid);
  found.delete(state.shell.pid);
  return found;
}

/** Ends the holder and everything on its terminal: hang-up first, force after `grace` milliseconds. */
export async function endSession(state: SessionState, grace = 500): Promise<void> {
  const found = new Map<number, ProcessEntry>();
  const look = () => {
    for (const entry of terminalProcesses(state)) found.set(entry.pid, entry);
  };
  look();
  // A holder that a killed runner left stopped could not see its shell end.
  signalProcess(state.holder, 'SIGCONT');
  // What leads to the shell ends by itself after it, each clearing its child away: ended first, it would leave zombies
  // to the machine's init, and a host's namespace does not end before they are gone.
  const leading = leadingToShell(state, [...found.values()]);
  for (const entry of found.values()) {
    if (leading.has(entry.pid)) continue;
    signalProcess(entry, 'SIGHUP');
    signalProcess(entry, 'SIGCONT');
  }
  const gone = () => !isAlive(state.holder) && [...found.values()].every((entry) => !isAlive(entry));
  for (const end = Date.now() + grace; !gone() && Date.now() < end; ) await setTimeout(5);
  // A process may fork while it is being ended, so look again until nothing is left.
  for (const end = Date.now() + 3000; !gone() && Date.now() < end; await setTimeout(5)) {
    look();
    for (const entry of found.values()) signalProcess(entry, 'SIGKILL');
    if ([...found.values()].every((entry) => !isAlive(entry))) signalProcess(state.holder, 'SIGKILL');
  }
}
