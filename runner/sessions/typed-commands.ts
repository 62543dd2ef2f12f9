import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { notWritten, type SessionFiles } from './session-files.ts';
import type { Statement } from './statements.ts';

/**
 * A statement that a runner typed. What is typed is a long line for the shell; who watches sees the command instead, so
 * it is written down from where in the spool on the line's echo is to be left out.
 */
export type TypedCommand = {
  readonly sequence: number;
  /** Which statement of the command; 0 for the first. */
  readonly index: number;
  /** All statements of the command, with its first: a later runner goes on with them. */
  readonly statements?: readonly Statement[];
  /** Nothing of it is seen; or it is seen, and the shell refuses it. */
  readonly look?: 'hidden' | 'broken';
  readonly at: number;
  readonly command: string;
  /** Bytes of the session's output that had been lost before. */
  readonly lost?: number;
};

const longest = 16 * 1024;

/** The file of the commands that were typed since the spool began. */
export class TypedLog {
  readonly #path: string;
  #file: number | undefined;

  constructor({ typed }: SessionFiles) {
    this.#path = typed;
  }

  /** Writes a command down, before it is typed. Throws when the disk does not take all of it. */
  note(typed: TypedCommand): TypedCommand {
    const { command } = typed;
    const note = { ...typed, command: command.length > longest ? `${command.slice(0, longest)}…` : command };
    // A line that a full disk has cut is not to take this one with it.
    const line = `\n${JSON.stringify(note)}\n`;
    try {
      this.#file ??= openSync(this.#path, 'a', 0o600);
      if (writeSync(this.#file, line) < Buffer.byteLength(line)) throw new Error('only a part of it fitted');
    } catch (error) {
      throw notWritten(this.#path, error);
    }
    return note;
  }

  /** Forgets all of them. */
  empty(): void {
    this.close();
    rmSync(this.#path, { force: true });
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

/** The commands that were typed since the spool began, in order. */
export function readTyped(files: SessionFiles): TypedCommand[] {
  try {
    const lines = readFileSync(files.typed, 'utf8').split('\n');
    // A last line without its end was never typed: its runner was killed while it wrote.
    return lines.slice(0, -1).flatMap((line) => parse(line) ?? []);
  } catch {
    return [];
  }
}

/** What an earlier runner typed of a command; undefined when it typed none of it. */
export function typedOf(
  files: SessionFiles,
  sequence: number,
): { readonly statements: readonly Statement[]; readonly count: number } | undefined {
  const typed = readTyped(files).filter((each) => each.sequence === sequence);
  const statements = typed.find((each) => each.statements !== undefined)?.statements;
  const count = new Set(typed.flatMap(({ index, look }) => (look === 'hidden' ? [] : [index]))).size;
  return statements === undefined ? undefined : { statements, count };
}

/** Bytes of output that had been lost when a command was typed. */
export function lostBefore(files: SessionFiles, sequence: number): number {
  return readTyped(files).find((typed) => typed.sequence === sequence)?.lost ?? 0;
}

function parse(line: string): TypedCommand | undefined {
  try {
    return JSON.parse(line) as TypedCommand;
  } catch {
    return undefined;
  }
}
