import type { ClientMessage } from '../../core/protocol/client-message.ts';
import type { ServerMessage } from '../../core/protocol/server-message.ts';
import type { Connection, Visitor } from '../server/connection.ts';
import type { HostTerminal } from './host-terminal.ts';
import { refusalOf } from './refusal.ts';
import type { TerminalWatcher } from './terminal-watcher.ts';

/** Does what a page asks for; resolves when it is done. */
export type Handle = (visitor: PageVisitor, message: ClientMessage) => Promise<void> | void;

/** A page's look at a host's terminal. */
export type Watching = { readonly terminal: HostTerminal; readonly watcher: TerminalWatcher };

/** One page that is connected: what it is about, what it looks at. */
export class PageVisitor implements Visitor {
  readonly #connection: Connection;
  readonly #handle: Handle;
  readonly #left: (visitor: PageVisitor) => void;
  readonly #watching = new Map<string, Watching>();
  #here = true;
  /** Undefined before its first message, and for a page without steps. */
  runbook: string | undefined;
  lab: string | undefined;
  /** Ends looking at the lab's health. */
  endLook: (() => void) | undefined;
  /** Of which lab it shows who is what, and a way to end that. */
  topology: { readonly lab: string; readonly end: () => void } | undefined;

  constructor(connection: Connection, handle: Handle, left: (visitor: PageVisitor) => void) {
    this.#connection = connection;
    this.#handle = handle;
    this.#left = left;
  }

  get isHere(): boolean {
    return this.#here;
  }

  send(message: ServerMessage): void {
    if (!this.#here) return;
    try {
      this.#connection.send(message);
    } catch {
      // A page that cannot be reached is no reason to stop a run; that it is gone is told by `gone`.
    }
  }

  receive(message: ClientMessage): void {
    if (!this.#here) return;
    const request = 'request' in message ? message.request : undefined;
    const refuse = (error: unknown): void => {
      const { message: what, hint, stale } = refusalOf(error);
      this.send({ kind: 'refused', request, what, hint });
      if (stale) this.send({ kind: 'reload', why: what });
    };
    try {
      // Begun at once: keys come in the order in which they were typed.
      const done = this.#handle(this, message);
      Promise.resolve(done).then(() => {
        if (request !== undefined) this.send({ kind: 'done', request });
      }, refuse);
    } catch (error) {
      refuse(error);
    }
  }

  gone(): void {
    if (!this.#here) return;
    this.#here = false;
    for (const key of [...this.#watching.keys()]) this.unwatch(key);
    this.endLook?.();
    this.topology?.end();
    this.#left(this);
  }

  /** Looks at a terminal; `key` names lab and host. */
  watch(key: string, watching: Watching): void {
    this.unwatch(key);
    this.#watching.set(key, watching);
  }

  watching(key: string): Watching | undefined {
    return this.#watching.get(key);
  }

  unwatch(key: string): void {
    const watching = this.#watching.get(key);
    this.#watching.delete(key);
    watching?.terminal.unwatch(watching.watcher);
  }
}
