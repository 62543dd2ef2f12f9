import type { ServerMessage } from '../../core/protocol/server-message.ts';

/** Where on the page something was asked. */
export type Origin = { readonly step?: string; readonly terminal?: string };

/** Why the runner did not do what was asked, and where it was asked. */
export type Refusal = Origin & { readonly what: string; readonly hint: string };

/** Numbers what the page asks, so that a refusal can be shown where it was asked. */
export class Requests {
  readonly #origins = new Map<number, Origin>();
  #next = 1;

  /** The number of a new request. */
  number(origin: Origin = {}): number {
    const request = this.#next++;
    this.#origins.set(request, origin);
    return request;
  }

  /** The refusal that a message tells; undefined when it tells none. Forgets what is done. */
  refusal(message: ServerMessage): Refusal | undefined {
    if (message.kind === 'done') this.#origins.delete(message.request);
    if (message.kind !== 'refused') return undefined;
    const { request = -1, what, hint } = message;
    const origin = this.#origins.get(request);
    this.#origins.delete(request);
    return { ...origin, what, hint };
  }
}
