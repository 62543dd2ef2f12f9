import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onHost } from '../../runner/labs/lab-trial.ts';
import { loadLab } from '../../runner/labs/load.ts';

const ownCheckout = join(import.meta.dirname, '..', '..');

/** Pages for the tests themselves. */
export const trialBook = join(import.meta.dirname, 'book');
/** The book that is published, with its recordings. */
export const wholeBook = ownCheckout;

/** A book, served by a real `tejun start` (or `dev`) from a folder of its own. */
export class ServedBook {
  readonly root = mkdtempSync(join(tmpdir(), 'tejun-book-'));
  readonly #port: number;
  readonly #checkout: string;
  #child: ChildProcess | undefined;
  #ended: Promise<unknown> = Promise.resolve();

  /** `checkout`: whose program serves it. */
  constructor(port: number, book: string, checkout: string = ownCheckout) {
    this.#port = port;
    this.#checkout = checkout;
    cpSync(join(book, 'content'), join(this.root, 'content'), { recursive: true });
    cpSync(join(book, 'labs'), join(this.root, 'labs'), { recursive: true });
    cpSync(join(checkout, 'labs', 'linux'), join(this.root, 'labs', 'linux'), { recursive: true });
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Starts the runner and returns its one-time address. */
  async start(command: 'start' | 'dev' = 'start'): Promise<string> {
    const child = spawn(process.execPath, ['runner/main.ts', command, '--no-open', '--port', String(this.#port)], {
      cwd: this.#checkout,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, TEJUN_ROOT: this.root },
    });
    this.#child = child;
    this.#ended = once(child, 'exit');
    return new Promise((resolve, reject) => {
      let shown = '';
      child.stdout.setEncoding('utf8').on('data', (data: string) => {
        shown += data;
        const address = /http:\/\/127\.0\.0\.1:\d+\/_tejun\/enter\?token=\S+/.exec(shown)?.[0];
        if (address !== undefined) resolve(address);
      });
      child.once('exit', (code) => reject(new Error(`the runner ended with ${code} before it printed an address`)));
    });
  }

  /** Ends the runner in the given way and waits until it has gone. */
  async end(signal: NodeJS.Signals): Promise<void> {
    this.#child?.kill(signal);
    await this.#ended;
  }

  /** Where a screenshot of this name goes, to be looked at. */
  picture(name: string): string {
    return join(ownCheckout, '.tejun', 'pictures', `${name}.png`);
  }

  /** Runs commands on the first host of the lab `linux`, behind the runner's back. */
  onHost(commands: string): string {
    return onHost(loadLab('linux', { root: this.root }), commands);
  }

  /** Ends the runner as Ctrl-C does; no lab may be left. */
  async close(): Promise<void> {
    await this.end('SIGINT');
    assert.deepEqual(globSync(join(this.root, '.tejun/labs/*')), [], 'no lab is left');
    rmSync(this.root, { recursive: true });
  }
}
