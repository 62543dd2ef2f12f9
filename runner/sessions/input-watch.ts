import { waitingForKeys } from './input-wait.ts';
import type { ProcessEntry } from './process-table.ts';
import type { SessionState } from './session-files.ts';
import { terminalProcesses } from './terminal-processes.ts';

const silenceMs = 300;

/** Finds out whether a command that prints nothing waits for keys. */
export class InputWatch {
  /** The process that waited when looked at last. */
  #waiting: number | undefined;
  #looks = 0;

  /** Called each 100 ms; a process counts when two looks in a row find it. */
  look(state: SessionState, silence: number): ProcessEntry | undefined {
    this.#looks++;
    // Looking costs some milliseconds: each quarter of a second at first, each second after ten.
    const every = silence < 10_000 ? 2 : 10;
    if (silence < silenceMs || this.#looks % every !== 0) return undefined;
    const found = waitingForKeys(terminalProcesses(state), state.terminal);
    const again = found !== undefined && found.pid === this.#waiting;
    this.#waiting = found?.pid;
    return again ? found : undefined;
  }
}
