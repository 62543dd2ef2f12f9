import { setTimeout as sleep } from 'node:timers/promises';
import { type PromptFlags, promptFlags, readlineOff } from './bash-integration.ts';

/** Whether the shell takes a command line now, as its output tells. */
export class Prompt {
  #ready = false;
  #flags = promptFlags('', '');
  #closed = false;
  /** Keys that end a line and whose prompt has not come. */
  #entered = 0;
  #tail: Buffer = Buffer.alloc(0);
  #coming = Promise.withResolvers<void>();

  /** It is there, and no line was completed since. */
  get ready(): boolean {
    return this.#ready;
  }

  /** How the next statement is to be typed. */
  get flags(): PromptFlags {
    return this.#flags;
  }

  /** Whether every line that a reader ended so far has been answered; one that went into a program never is. */
  get answered(): boolean {
    return this.#entered === 0;
  }

  /** A reader types keys. */
  typed(keys: string): void {
    for (const key of keys) if (key === '\r' || key === '\n' || key === '\x03') this.#entered++;
  }

  /** Its mark came. */
  came(flags: PromptFlags): void {
    this.#ready = true;
    this.#flags = flags;
    this.#entered = Math.max(0, this.#entered - 1);
    this.#tail = Buffer.alloc(0);
    this.#coming.resolve();
    this.#coming = Promise.withResolvers();
  }

  /** A line is on its way to the shell. */
  left(): void {
    this.#ready = false;
    this.#entered = 0;
  }

  /** Looks at what is printed after the prompt: readline says when a line was completed, whoever typed it. */
  output(bytes: Buffer): void {
    if (!this.#ready) return;
    const all = this.#tail.length === 0 ? bytes : Buffer.concat([this.#tail, bytes]);
    if (all.includes(readlineOff)) this.#ready = false;
    else this.#tail = Buffer.from(all.subarray(-(readlineOff.length - 1)));
  }

  /** Waits for a condition, which is looked at whenever a prompt comes and each 5 ms. */
  async until(condition: () => boolean, limitMs: number): Promise<void> {
    const deadline = performance.now() + limitMs;
    while (!condition() && performance.now() < deadline && !this.#closed) {
      await Promise.race([sleep(5), this.#coming.promise]);
    }
  }

  /** Ends all waiting. */
  close(): void {
    this.#closed = true;
    this.#coming.resolve();
  }
}
