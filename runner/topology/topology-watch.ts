import { looksSame } from '../../core/topology/compare.ts';
import type { Topology } from '../../core/topology/model.ts';
import type { Lab } from '../labs/lab.ts';
import { askHost, databaseHosts, topologyOf } from './observe.ts';
import { whoIsWho } from './who-is-who.ts';

/** Milliseconds between two looks. */
const often = 500;
/** The same where each question is a login of its own, which a server's log shows. */
const seldom = 10_000;
/** How long a round waits for all hosts, so that one picture shows one moment. */
const together = 250;

/** What a watch needs to know, and whom it tells. */
export type TopologyWatchOptions = {
  /** Whether the lab is up and nothing is being done with it. */
  readonly canAsk: () => boolean;
  /** Something looks other than before. */
  readonly changed: (topology: Topology | undefined) => void;
  /** Hides what no page may see. */
  readonly redact: (topology: Topology) => Topology;
};

/** Looks again and again who is what in a lab, while somebody watches. A host that is silent does not delay the others. */
export class TopologyWatch {
  readonly #lab: Lab;
  readonly #options: TopologyWatchOptions;
  readonly #answers = new Map<string, Awaited<ReturnType<typeof askHost>>>();
  readonly #asked = new Map<string, Promise<void>>();
  #watchers = 0;
  #timer: NodeJS.Timeout | undefined;
  #asking = new AbortController();
  #newest: Topology | undefined;

  constructor(lab: Lab, options: TopologyWatchOptions) {
    this.#lab = lab;
    this.#options = options;
  }

  /** What was seen last; undefined while nothing can be asked. */
  get newest(): Topology | undefined {
    return this.#newest;
  }

  /** Somebody watches until the returned function is called. */
  watch(): () => void {
    if (++this.#watchers === 1) void this.#round();
    let over = false;
    return () => {
      if (over) return;
      over = true;
      if (--this.#watchers > 0) return;
      this.#rest();
      this.#newest = undefined;
    };
  }

  /** The lab came up, or something is being done with it: what is asked then must not be in the way. */
  labChanged(): void {
    if (this.#watchers === 0) return;
    if (this.#options.canAsk()) {
      if (this.#newest === undefined) void this.#round();
    } else this.#forget();
  }

  close(): void {
    this.#watchers = 0;
    this.#rest();
  }

  async #round(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#watchers === 0) return;
    if (!this.#options.canAsk()) return this.#forget();
    const { signal } = this.#asking;
    const began = performance.now();
    for (const host of databaseHosts(this.#lab)) if (!this.#asked.has(host)) this.#ask(host, signal);
    const enough = Promise.withResolvers<void>();
    const patience = setTimeout(enough.resolve, together);
    await Promise.race([Promise.all(this.#asked.values()), enough.promise]);
    clearTimeout(patience);
    if (signal.aborted) return;
    this.#tell();
    const pause = Math.max(0, this.#pause() - (performance.now() - began));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#round(), pause).unref();
  }

  #ask(host: string, signal: AbortSignal): void {
    const answer = askHost(this.#lab, host, whoIsWho(this.#lab), signal).then((view) => {
      if (signal.aborted) return;
      this.#asked.delete(host);
      this.#answers.set(host, view);
    });
    this.#asked.set(host, answer);
  }

  #tell(): void {
    // Before everybody was heard once, or could not be, there is nothing to show.
    if (this.#newest === undefined && this.#asked.size > 0) return;
    const topology = this.#options.redact(topologyOf(this.#lab, this.#answers));
    if (this.#newest !== undefined && looksSame(this.#newest, topology)) return;
    this.#newest = topology;
    this.#options.changed(topology);
  }

  #pause(): number {
    try {
      return databaseHosts(this.#lab).some((host) => this.#lab.database(host)?.way.kind === 'ssh') ? seldom : often;
    } catch {
      // A lab that has just gone down is told of by `labChanged`.
      return often;
    }
  }

  /** Nothing can be known now. */
  #forget(): void {
    this.#rest();
    if (this.#newest === undefined) return;
    this.#newest = undefined;
    this.#options.changed(undefined);
  }

  #rest(): void {
    clearTimeout(this.#timer);
    this.#asking.abort();
    this.#asking = new AbortController();
    this.#asked.clear();
    this.#answers.clear();
  }
}
