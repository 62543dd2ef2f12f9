import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

/** Writes keys into the pipe that the session's holder reads. */
export class Keyboard {
  readonly #fd: number;
  #queue: Promise<void> = Promise.resolve();
  #busy = false;
  #closed = false;

  constructor(path: string) {
    // Also for reading: otherwise it could not be opened once the session's holder is gone.
    this.#fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  }

  /** Types keys, after those that are still being typed. Keys for a session that is gone are dropped. */
  type(keys: string | Buffer): void {
    const bytes = typeof keys === 'string' ? Buffer.from(keys) : keys;
    if (!this.#busy) {
      const written = this.#write(bytes);
      if (written < bytes.length) this.#later(bytes.subarray(written));
    } else {
      this.#later(bytes);
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#fd);
  }

  #later(bytes: Buffer): void {
    this.#busy = true;
    const turn = this.#queue.then(async () => {
      let rest = bytes;
      while (rest.length > 0 && !this.#closed) {
        rest = rest.subarray(this.#write(rest));
        // The pipe is full and node has no event for its becoming writable again.
        if (rest.length > 0) await setTimeout(1);
      }
    });
    this.#queue = turn;
    void turn.then(() => {
      if (this.#queue === turn) this.#busy = false;
    });
  }

  /** How many bytes fitted. */
  #write(bytes: Buffer): number {
    if (this.#closed) return bytes.length;
    try {
      return writeSync(this.#fd, bytes);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? 0 : bytes.length;
    }
  }
}
