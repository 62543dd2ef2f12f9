import { closeSync, type FSWatcher, fstatSync, ftruncateSync, openSync, readSync, watch } from 'node:fs';
import { setImmediate } from 'node:timers/promises';

const chunkSize = 64 * 1024;
/** How often a file is looked at whose changes nobody tells. */
const pollMs = 20;

/**
 * Reads a file that another process appends to, by inotify. Each event is followed by reading up to the end of the
 * file, so no wake-up can be lost; the caller's slow clock calls `pump` besides, for file systems without events. Where
 * the machine has no inotify instance left (an editor or a neighbour has them all), it looks at the file instead.
 */
export class SpoolReader {
  /** Byte offset of what is read next. */
  offset = 0;
  /** The file was found shorter than what was read of it: somebody has cut it. */
  cut = false;
  readonly #fd: number;
  readonly #stopWatching: () => void;
  readonly #buffer = Buffer.allocUnsafeSlow(chunkSize);
  readonly #onBytes: (bytes: Buffer) => Promise<void> | undefined;
  readonly #onLag: (bytes: number) => void;
  #pumping: Promise<void> | undefined;
  #again = false;
  #pause: NodeJS.Timeout | undefined;
  #held = false;
  #closed = false;

  /** `onLag` is told how many bytes are still unread: after each full chunk, at the end, and as they grow while `onBytes` holds. */
  constructor(path: string, onBytes: (bytes: Buffer) => Promise<void> | undefined, onLag: (bytes: number) => void) {
    this.#fd = openSync(path, 'r+');
    this.#onBytes = onBytes;
    this.#onLag = onLag;
    this.#stopWatching = watched(path, () => {
      if (this.#held) this.#onLag(this.size() - this.offset);
      else if (this.#pause === undefined) void this.pump();
    });
  }

  /** Reads up to the end of the file; resolves when all of it has been told. */
  pump(): Promise<void> {
    this.#again = true;
    this.#pumping ??= this.#run().finally(() => {
      this.#pumping = undefined;
    });
    return this.#pumping;
  }

  /** Bytes in the file. */
  size(): number {
    return this.#closed ? 0 : fstatSync(this.#fd).size;
  }

  /** Empties the file. Only for a writer that appends and is stopped, and after everything was read. */
  truncate(): void {
    ftruncateSync(this.#fd, 0);
    this.offset = 0;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopWatching();
    clearTimeout(this.#pause);
    closeSync(this.#fd);
  }

  async #run(): Promise<void> {
    let total = 0;
    while (this.#again && !this.#closed) {
      this.#again = false;
      for (;;) {
        const count = readSync(this.#fd, this.#buffer, 0, chunkSize, this.offset);
        if (count === 0) {
          this.cut ||= this.size() < this.offset;
          break;
        }
        this.offset += count;
        total += count;
        const told = this.#onBytes(this.#buffer.subarray(0, count));
        if (told !== undefined) await this.#hold(told);
        if (this.#closed) return;
        if (count === chunkSize) {
          this.#onLag(this.size() - this.offset);
          await setImmediate();
          if (this.#closed) return;
        } else if (told === undefined) {
          // The end of the file: whatever is appended from now on is an event of its own.
          break;
        }
      }
    }
    if (this.#closed) return;
    this.#onLag(0);
    // In a flood an event comes for every few kilobytes: two milliseconds later there is a worthwhile chunk.
    if (total > 16 * 1024) this.#rest();
  }

  async #hold(told: Promise<void>): Promise<void> {
    this.#held = true;
    try {
      await told;
    } finally {
      this.#held = false;
    }
  }

  #rest(): void {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      void this.pump();
    }, 2);
  }
}

/** Calls `look` when the file has changed, or often where that cannot be told; returns what ends it. */
function watched(path: string, look: () => void): () => void {
  const poll = (): (() => void) => {
    const clock = setInterval(look, pollMs).unref();
    return () => clearInterval(clock);
  };
  let stop: () => void;
  try {
    const watcher: FSWatcher = watch(path, { persistent: false }, look);
    stop = () => watcher.close();
    watcher.on('error', () => {
      stop();
      stop = poll();
    });
  } catch {
    stop = poll();
  }
  return () => stop();
}
