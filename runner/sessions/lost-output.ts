import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import type { CommandEnd } from '../../core/run/model.ts';
import type { SessionFiles } from './session-files.ts';

/** The end of a command of whose output something is missing. */
export type OutputLost = Extract<CommandEnd, { kind: 'output-lost' }>;

/** The count of bytes that a session's holder could not write, which it keeps up to date. */
export class LostCount {
  readonly #files: SessionFiles;
  #file: number | undefined;
  readonly #text = Buffer.alloc(256);

  constructor(files: SessionFiles) {
    this.#files = files;
    this.#file = existsSync(files.lost) ? openSync(files.lost, 'r') : undefined;
  }

  /** How many there are by now. */
  bytes(): number {
    return Number.parseInt(this.#read(), 10) || 0;
  }

  /** Says that output of a command was lost, before which `before` bytes had been; undefined when it is whole. */
  since(before: number): OutputLost | undefined {
    const bytes = this.bytes() - before;
    if (bytes <= 0) return undefined;
    const count = bytes === 1 ? '1 byte of it' : `${bytes} bytes of it`;
    const why = `${count} could not be written to ${this.#files.spool} (${this.#read().slice(20).trim()})`;
    return { kind: 'output-lost', why: `${why}; make room on that file system, then start over` };
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #read(): string {
    if (this.#file === undefined) return '';
    return this.#text.toString('utf8', 0, readSync(this.#file, this.#text, 0, this.#text.length, 0));
  }
}

/** Says that output was lost because somebody has cut the spool. */
export function spoolCut({ spool }: SessionFiles): OutputLost {
  const why = `${spool} became shorter while it was read; let no other program touch it, then start over`;
  return { kind: 'output-lost', why };
}
