import { waitingForKeys } from './input-wait.ts';
import { isAlive, listProcesses, readProcess } from './process-table.ts';
import type { Prompt } from './prompt.ts';
import type { SessionState } from './session-files.ts';

/** What a session looks at to know whether a reader's keys have arrived, and what they did. */
export type Typed = { readonly state: SessionState; readonly prompt: Prompt };

/** A program is one that runs, not one that is just ending. */
const programMs = 300;
/** How long all must be quiet: keys take their time from one process to the next, where nobody sees them. */
const quietMs = 100;
const unansweredMs = 500;

/**
 * What runs in a terminal into which a reader has typed, and would get what is typed next; undefined at a prompt. Waits
 * until that is clear.
 */
export async function runningProgram({ state, prompt }: Typed, limitMs: number): Promise<string | undefined> {
  let program: { readonly name: string; readonly since: number } | undefined;
  let quietSince: number | undefined;
  let found = false;
  const isClear = (): boolean => {
    const now = performance.now();
    const name = foregroundProgram(state);
    program = name === undefined ? undefined : { name, since: program?.name === name ? program.since : now };
    quietSince = prompt.ready && !program && keysHaveArrived(state) ? (quietSince ?? now) : undefined;
    const quiet = prompt.answered ? quietMs : unansweredMs;
    found = program !== undefined && now - program.since >= programMs;
    return found || !isAlive(state.holder) || (quietSince !== undefined && now - quietSince >= quiet);
  };
  await prompt.until(isClear, limitMs);
  if (!isAlive(state.holder)) return undefined;
  if (found || !prompt.ready) return foregroundProgram(state) ?? 'a command line of bash';
  return undefined;
}

/** Name of the program that has the terminal instead of the shell; undefined when it is the shell. */
export function foregroundProgram({ shell, terminal }: SessionState): string | undefined {
  const entry = readProcess(shell.pid);
  if (entry === undefined || entry.group === entry.foreground) return undefined;
  const group = listProcesses().filter((each) => each.terminal === terminal && each.group === entry.foreground);
  return (group.find(({ pid, group: leader }) => pid === leader) ?? group[0])?.name;
}

/** Whether nothing is seen to be on its way: what holds the terminal has nothing to do, and the shell waits for keys. */
function keysHaveArrived({ holder, shell, terminal }: SessionState): boolean {
  const idle = () => readProcess(holder.pid)?.state === 'S';
  if (!idle()) return false;
  const entry = readProcess(shell.pid);
  return entry !== undefined && waitingForKeys([entry], terminal) !== undefined && idle();
}
