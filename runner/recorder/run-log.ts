import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { RunEvent } from '../../core/run/model.ts';
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

/**
 * The events of a run log. They are read each time that somebody goes through them, one after the other: a log may be
 * larger than memory. A last line that a crash left torn is ignored.
 */
export function runEvents(path: string): Iterable<RunEvent> {
  return { [Symbol.iterator]: () => readEvents(path, true) };
}

/** The same without the steps' output, which is by far the most of a log. */
export function eventsWithoutOutput(path: string): Iterable<RunEvent> {
  return { [Symbol.iterator]: () => readEvents(path, false) };
}

/** The first event of a run log; undefined when it has none. */
export function runBeginning(path: string): Extract<RunEvent, { kind: 'run-started' }> | undefined {
  for (const event of eventsWithoutOutput(path)) return event.kind === 'run-started' ? event : undefined;
  return undefined;
}

const output = Buffer.from('{"kind":"output"');

function* readEvents(path: string, withOutput: boolean): Generator<RunEvent> {
  let number = 0;
  for (const line of readLines(path)) {
    number++;
    if (!withOutput && line.subarray(0, output.length).equals(output)) continue;
    let event: RunEvent;
    try {
      event = JSON.parse(line.toString()) as RunEvent;
    } catch {
      throw new DamagedRecord(`${path}:${number}`, 'run log', 'the line is no event of a run');
    }
    yield event;
  }
}

/** The whole lines of a file, without their ends; each is to be used before the next one is asked for. */
function* readLines(path: string): Generator<Buffer> {
  const file = openSync(path, 'r');
  try {
    const chunk = Buffer.allocUnsafe(64 * 1024);
    // What a line has of the chunks before.
    let begun: Buffer[] = [];
    for (let size = readSync(file, chunk); size > 0; size = readSync(file, chunk)) {
      let from = 0;
      for (let end = chunk.indexOf(0x0a); end >= 0 && end < size; end = chunk.indexOf(0x0a, from)) {
        const rest = chunk.subarray(from, end);
        yield begun.length === 0 ? rest : Buffer.concat([...begun, rest]);
        begun = [];
        from = end + 1;
      }
      if (from < size) begun.push(Buffer.from(chunk.subarray(from, size)));
    }
  } finally {
    closeSync(file);
  }
}

function dropTornLine(path: string): void {
  if (!existsSync(path)) return;
  const file = openSync(path, 'r+');
  try {
    const { size } = fstatSync(file);
    const end = endOfLastLine(file, size);
    if (end < size) ftruncateSync(file, end);
  } finally {
    closeSync(file);
  }
}

function endOfLastLine(file: number, size: number): number {
  const chunk = Buffer.allocUnsafe(64 * 1024);
  for (let to = size; to > 0; ) {
    const from = Math.max(0, to - chunk.length);
    const read = readSync(file, chunk, 0, to - from, from);
    const end = chunk.subarray(0, read).lastIndexOf(0x0a);
    if (end >= 0) return from + end + 1;
    to = from;
  }
  return 0;
}
