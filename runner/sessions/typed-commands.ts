import { appendFileSync, readFileSync } from 'node:fs';
import type { SessionFiles } from './session-files.ts';

/**
 * A command that a runner typed. What is typed is a long line for the shell; who watches sees the command instead, so
 * it is written down from where in the spool on the line's echo is to be left out.
 */
export type TypedCommand = { readonly sequence: number; readonly at: number; readonly command: string };

const longest = 16 * 1024;

/** Writes a command down, before it is typed. */
export function noteTyped(files: SessionFiles, typed: TypedCommand): TypedCommand {
  const { command } = typed;
  const note = { ...typed, command: command.length > longest ? `${command.slice(0, longest)}…` : command };
  appendFileSync(files.typed, `${JSON.stringify(note)}\n`, { mode: 0o600 });
  return note;
}

/** The commands that were typed since the spool began, in order. */
export function readTyped(files: SessionFiles): TypedCommand[] {
  try {
    const lines = readFileSync(files.typed, 'utf8').split('\n');
    // A last line without its end was never typed: its runner was killed while it wrote.
    return lines.slice(0, -1).map((line) => JSON.parse(line) as TypedCommand);
  } catch {
    return [];
  }
}
