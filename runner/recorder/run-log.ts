import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { RunEvent } from '../../core/run/model.ts';
import { emptyRun, type RunState, reduceRun } from '../../core/run/state.ts';
import { DamagedRecord } from './damaged-record.ts';

/** A run log takes no more: what happens would be remembered by nobody. */
export class LogNotWritten extends Error {}

/** An append-only file of run events, one JSON object a line. What `append` returned from survives a killed runner. */
export class RunLog {
  readonly path: string;
  readonly #file: number;
  #torn: LogNotWritten | undefined;

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    dropTornLine(path);
    this.path = path;
    this.#file = openSync(path, 'a', 0o600);
  }

  /** Writes one event through to the kernel before it returns, so nothing is shown that a kill could take back. */
  append(event: RunEvent): void {
    const line = `${JSON.stringify(event)}\n`;
    if (this.#torn !== undefined) throw this.#torn;
    try {
      // As a string: a buffer for each piece of a flood is what memory would be full of.
      const written = writeSync(this.#file, line);
      if (written < Buffer.byteLength(line)) throw new Error('only a part of an event fitted');
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      // Nothing may follow, or the torn line would be in the middle.
      this.#torn = new LogNotWritten(
        `the run log ${this.path} could not be written (${why}); make room on that file system, then start over`,
      );
      throw this.#torn;
    }
  }

  close(): void {
    fsyncSync(this.#file);
    closeSync(this.#file);
  }
}

/** Reads a run log and folds it. A last line that a crash left torn is ignored. */
export function readRunLog(path: string): { state: RunState; events: readonly RunEvent[] } {
  const lines = readFileSync(path, 'utf8').split('\n');
  lines.pop();
  const events = lines.map((line, index) => {
    try {
      return JSON.parse(line) as RunEvent;
    } catch {
      throw new DamagedRecord(`${path}:${index + 1}`, 'run log', 'the line is no event of a run');
    }
  });
  return { state: events.reduce(reduceRun, emptyRun), events };
}

function dropTornLine(path: string): void {
  if (!existsSync(path)) return;
  const bytes = readFileSync(path);
  const end = bytes.lastIndexOf(0x0a) + 1;
  if (end < bytes.length) truncateSync(path, end);
}
