import { setImmediate } from 'node:timers/promises';
import { createMarkSplitter, type MarkSplitter, type Piece } from './marks.ts';
import { type ProcessIdentity, readProcess, signalProcess } from './process-table.ts';
import { SpoolReader } from './spool-reader.ts';

/** Beyond this many unread bytes the terminal is stopped until the reader has caught up. */
const lagLimit = 16 * 1024 * 1024;
/** The same while somebody who looks on holds the reader back: what they still have to see before an answer to their keys. */
const heldLimit = 128 * 1024;

/** Takes one piece; the next ones wait for what it returns. */
export type TakePiece = (piece: Piece) => Promise<void> | undefined;

/** Tells a terminal's spool piece by piece, and stops the process that writes it when the reader lags behind. */
export class TerminalFeed {
  readonly #holder: ProcessIdentity;
  readonly #reader: SpoolReader;
  readonly #splitter: MarkSplitter;
  readonly #take: TakePiece;
  #holds = 0;
  #stopped = false;
  #emptying = false;
  #closed = false;

  constructor(spool: string, nonce: string, holder: ProcessIdentity, take: TakePiece) {
    this.#holder = holder;
    this.#take = take;
    this.#splitter = createMarkSplitter(nonce);
    this.#reader = new SpoolReader(
      spool,
      (bytes) => this.#tell(this.#splitter.push(bytes), 0),
      (lag) => this.#throttle(lag),
    );
  }

  /** Bytes of the spool that were read. */
  get offset(): number {
    return this.#reader.offset;
  }

  /** Whether somebody else than `empty` has cut the spool. */
  get cut(): boolean {
    return this.#reader.cut;
  }

  /** Where in the spool the next piece begins. */
  get position(): number {
    return this.#reader.offset - this.#splitter.pending();
  }

  /** Reads up to the spool's end; resolves when all of it has been taken. */
  pump(): Promise<void> {
    return this.#reader.pump();
  }

  /** Goes on at an earlier place. */
  rewind(offset: number): void {
    this.#reader.offset = offset;
    this.#splitter.restart(offset);
    void this.pump();
  }

  /** Somebody who looks on needs time: while they do, little is allowed to pile up. */
  hold(until: Promise<void>): Promise<void> {
    this.#holds++;
    return until.finally(() => {
      this.#holds--;
    });
  }

  /** Lets a stopped terminal run until it lags again: it has keys to take. */
  wake(): void {
    if (!this.#stopped || this.#emptying) return;
    this.#stopped = false;
    signalProcess(this.#holder, 'SIGCONT');
  }

  /** Empties the spool: stops its writer, reads the rest, cuts. `cutting` is called at the last moment; false leaves it as it is. */
  async empty(cutting: () => boolean): Promise<void> {
    if (this.#emptying) return;
    this.#emptying = true;
    signalProcess(this.#holder, 'SIGSTOP');
    this.#stopped = true;
    try {
      for (let state: string | undefined; state !== 'T'; ) {
        await setImmediate();
        state = readProcess(this.#holder.pid)?.state;
        if (state === undefined || this.#closed) return;
      }
      await this.#reader.pump();
      if (this.#closed || this.#splitter.pending() > 0 || !cutting()) return;
      this.#reader.truncate();
      this.#splitter.rebase(0);
    } finally {
      this.#emptying = false;
      this.#throttle(0);
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#stopped) signalProcess(this.#holder, 'SIGCONT');
    this.#reader.close();
  }

  #tell(pieces: readonly Piece[], from: number): Promise<void> | undefined {
    for (let index = from; index < pieces.length; index++) {
      const piece = pieces[index];
      if (piece === undefined) break;
      const told = this.#take(piece);
      if (told !== undefined) return told.then(() => this.#tell(pieces, index + 1));
    }
    return undefined;
  }

  #throttle(lag: number): void {
    const limit = this.#holds > 0 ? heldLimit : lagLimit;
    if (!this.#stopped && lag > limit) {
      this.#stopped = true;
      signalProcess(this.#holder, 'SIGSTOP');
    } else if (this.#stopped && !this.#emptying && lag < limit / 16) {
      this.#stopped = false;
      signalProcess(this.#holder, 'SIGCONT');
    }
  }
}
