import type { Keyboard } from './keyboard.ts';
import type { SessionState } from './session-files.ts';
import { signalCommands } from './terminal-processes.ts';

/** What ending a command needs of its session. */
export type EndingMeans = {
  readonly keyboard: Keyboard;
  readonly state: SessionState;
  readonly until: (condition: () => boolean, limitMs: number) => Promise<void>;
  /** Is the command over? */
  readonly over: () => boolean;
  readonly graceMs: number;
};

/** Ends a command: Ctrl-C, then, unless `onlyKeys`, SIGTERM and SIGKILL to what it started. Whether it came to its end. */
export async function endCommand(
  { keyboard, state, until, over, graceMs }: EndingMeans,
  onlyKeys: boolean,
): Promise<boolean> {
  keyboard.type('\x03');
  await until(over, graceMs);
  if (onlyKeys) return over();
  if (!over()) signalCommands(state, 'SIGTERM');
  await until(over, Math.min(graceMs, 1000));
  for (let round = 0; round < 20 && !over(); round++) {
    signalCommands(state, 'SIGKILL');
    await until(over, 50);
  }
  return over();
}
