/** How much the server takes before it refuses. */
export type Limits = {
  /** TCP connections at once. Above it the oldest one without a session makes room. */
  readonly connections: number;
  /** WebSockets at once. */
  readonly sockets: number;
  /** Time for a request's head, ms. */
  readonly headMs: number;
  /** Time for a page's first message, ms. */
  readonly helloMs: number;
  /** Between two pings; a page that has not answered the last one is gone, ms. */
  readonly pingMs: number;
  /** Messages and pings of one page per second, in the long run. */
  readonly messagesPerSecond: number;
  /** Messages and pings of one page at once. */
  readonly messageBurst: number;
  /** Bytes that wait for one page's network; a slower page is cut off and gets everything anew. */
  readonly unsentBytes: number;
};

/** Generous for one reader with many pages open. */
export const defaultLimits: Limits = {
  connections: 1024,
  sockets: 64,
  headMs: 10_000,
  helloMs: 5_000,
  pingMs: 15_000,
  messagesPerSecond: 1000,
  messageBurst: 2000,
  unsentBytes: 16 * 1024 * 1024,
};
