import type { HostView, LabView } from '../../core/protocol/server-message.ts';
import { factsOf, type ListedFacts, tellFacts } from '../../core/runbook/facts.ts';
import type { Facts } from '../../core/runbook/model.ts';
import type { Lab } from '../labs/lab.ts';
import { differing } from '../labs/lab-facts.ts';
import { adoptLab, isVisitors, noteVisit } from '../labs/lab-visit.ts';
import { databaseHosts } from '../topology/observe.ts';
import { HostTerminal } from './host-terminal.ts';
import { LabDatabases } from './lab-databases.ts';
import type { Limits } from './limits.ts';
import { Refusal } from './refusal.ts';

/** What a room needs, and whom it tells. */
export type LabRoomOptions = {
  readonly state: string;
  /** The same lab, to come up with these of the facts that it offers; throws when it does not offer them. */
  readonly load: (facts: Facts) => Lab;
  readonly limits: Limits;
  /** Values that no page may see in a terminal of the lab. */
  readonly secrets: () => readonly string[];
  /** Its view changed. */
  readonly changed: () => void;
  /** A command's place in a host's terminal has become known. */
  readonly placed: (host: string, sequence: number) => void;
  /** All places on a host are others: its terminal was opened, or is gone. */
  readonly replaced: (host: string) => void;
};

/** A lab as the server uses it: its lock, its life, its hosts' terminals. One thing at a time is done with it. */
export class LabRoom {
  readonly lab: Lab;
  readonly terminals: ReadonlyMap<string, HostTerminal>;
  readonly databases: LabDatabases;
  readonly #options: LabRoomOptions;
  /** The lab as it is to come up, and what was asked for then. */
  #wished: Lab;
  #asked: Facts = {};
  #view: LabView;
  #seen: Promise<void> | undefined;
  #lock: Promise<() => void> | undefined;
  /** What is being done, for others who want to do something. */
  #work: string | undefined;
  #working: Promise<void> = Promise.resolve();
  #busy: string | undefined;
  #lookers = 0;
  #looks = 0;
  /** The newest look whose result is shown. */
  #seenBy = 0;
  #looking = false;
  #clock: NodeJS.Timeout | undefined;

  constructor(lab: Lab, options: LabRoomOptions) {
    this.lab = lab;
    this.#wished = lab;
    this.#options = options;
    this.databases = new LabDatabases(lab);
    this.terminals = new Map(
      lab.hosts.map((host) => [
        host,
        new HostTerminal({
          limits: options.limits,
          access: () => lab.access(host),
          secrets: options.secrets,
          placed: (sequence) => options.placed(host, sequence),
          replaced: () => options.replaced(host),
        }),
      ]),
    );
    const hosts = lab.hosts.map((host): HostView => ({ host, state: 'down', detail: '', facts: {} }));
    this.#view = this.#viewWith(hosts);
  }

  get view(): LabView {
    return this.#view;
  }

  /** Waits until the lab was looked at once. */
  seen(): Promise<void> {
    this.#seen ??= this.refresh();
    return this.#seen;
  }

  /** Somebody looks: until the returned function is called the lab's health is looked at again and again. */
  look(): () => void {
    this.#lookers++;
    this.#clock ??= setInterval(() => void this.#lookAgain(), this.#options.limits.health).unref();
    return () => {
      if (--this.#lookers > 0) return;
      clearInterval(this.#clock);
      this.#clock = undefined;
    };
  }

  /** Does something with the lab that nothing else may be done with meanwhile. `what`: for those who are refused. */
  async exclusively<T>(what: string, work: () => Promise<T>): Promise<T> {
    if (this.#work !== undefined) {
      throw new Refusal(`the lab ${this.lab.name} is in use: ${this.#work}`, 'wait until it has ended, or stop it');
    }
    this.#work = what;
    const working = work();
    this.#working = working.then(
      () => undefined,
      () => undefined,
    );
    try {
      return await working;
    } finally {
      this.#work = undefined;
    }
  }

  /** Keeps other runners away from the lab, until `down` or the end of this one. */
  async hold(): Promise<void> {
    this.#lock ??= this.lab.lock();
    try {
      await this.#lock;
    } catch (error) {
      this.#lock = undefined;
      throw error;
    }
  }

  /** Chooses what the lab is to be when it comes up, of what it offers; throws while it is up as something else. */
  choose(facts: Facts): void {
    const wished = this.#options.load(facts);
    // Who asked for what is being done asked for the lab as it was shown then.
    if (this.#work !== undefined)
      throw new Refusal(`the lab ${this.lab.name} is in use: ${this.#work}`, 'choose when that has ended');
    const otherwise = differing(this.lab.chosen(), facts);
    if (this.lab.instance() !== undefined && otherwise !== '')
      throw new Refusal(`the lab ${this.lab.name} is up with ${otherwise}`, 'take it down first');
    this.#wished = wished;
    this.#asked = facts;
    this.#update(this.#view.hosts);
  }

  /** Refuses what a page asks of the lab as something else than it is or is to be; `shown`: as what the page shows it. */
  refuseUnshown(shown: ListedFacts | undefined): void {
    const otherwise = shown === undefined ? '' : differing(this.#view.chosen, factsOf(shown));
    if (otherwise === '') return;
    throw new Refusal(
      `the lab ${this.lab.name} is with ${otherwise} by now, not as this page showed; nothing was done`,
      'look at what is chosen, and ask again',
    );
  }

  /** Brings the lab up, at least the hosts that are needed; whether it was down. */
  async up(
    progress: (text: string) => void,
    signal: AbortSignal,
    needed: ReadonlySet<string> = new Set(this.lab.hosts),
  ): Promise<boolean> {
    await this.hold();
    if (this.lab.instance() !== undefined) {
      await this.#refuseUnseen();
      const reached = this.lab.reached();
      if ([...needed].every((host) => reached.includes(host) || !this.lab.hosts.includes(host))) return false;
      await this.#doing('connecting', progress, (tell) => this.lab.up(tell, signal, needed));
      return false;
    }
    const foundUp = (await this.lab.status()).some(({ state }) => state !== 'down');
    if (!foundUp) noteVisit(this.#options.state, this.lab.name);
    await this.#doing('coming up', progress, async (tell) => {
      // Of a lab that broke the shells may not know it yet.
      await this.#endSessions('the lab was brought up anew');
      await this.#wished.up(tell, signal, needed);
    });
    return true;
  }

  async reset(checkpoint: string | undefined, progress: (text: string) => void, signal: AbortSignal): Promise<void> {
    await this.hold();
    await this.#doing('being reset', progress, async (tell) => {
      await this.#endSessions('the lab was reset');
      await this.lab.reset(checkpoint, tell, signal);
    });
  }

  async down(progress: (text: string) => void): Promise<void> {
    await this.hold();
    await this.#doing('going down', progress, async (tell) => {
      await this.#endSessions('the lab went down');
      await this.lab.down(tell);
    });
    adoptLab(this.#options.state, this.lab.name);
    await this.#letGo();
  }

  /** The terminal of a host of a lab that is up. */
  async terminal(host: string): Promise<HostTerminal> {
    const terminal = this.terminals.get(host);
    if (terminal === undefined) {
      throw new Refusal(`the lab ${this.lab.name} has no host ${host}`, `its hosts are ${this.lab.hosts.join(', ')}`);
    }
    if (this.#busy !== undefined)
      throw new Refusal(`the lab ${this.lab.name} is ${this.#busy}`, 'wait until it is ready');
    if (this.lab.instance() === undefined) {
      throw new Refusal(`the lab ${this.lab.name} is not up`, 'bring it up first');
    }
    await this.hold();
    return terminal;
  }

  /** Looks at the hosts, and tells when something changed. */
  async refresh(): Promise<void> {
    const look = ++this.#looks;
    const instance = this.lab.instance();
    const statuses = await this.lab.status().catch(() => undefined);
    if (statuses === undefined) return;
    const hosts = await Promise.all(
      statuses.map(
        async (status): Promise<HostView> => ({
          ...status,
          facts: await this.#facts(status.host, instance),
          database: this.databases.nameOn(status.host),
        }),
      ),
    );
    // A slow look must not take back what a later one has seen.
    if (look < this.#seenBy) return;
    this.#seenBy = look;
    this.#update(hosts);
  }

  /** Ends what is of this server: a lab that it brought up goes down, one that was up stays. */
  async close(): Promise<void> {
    clearInterval(this.#clock);
    await this.#working;
    await this.#endSessions('the runner ended');
    // A killed runner's lab that nobody came back to goes down, too, unless another runner has it now.
    if (this.#lock === undefined && isVisitors(this.#options.state, this.lab.name)) {
      await this.hold().catch(() => undefined);
    }
    if (this.#lock === undefined) return;
    if (isVisitors(this.#options.state, this.lab.name)) {
      await this.lab.down(() => undefined);
      adoptLab(this.#options.state, this.lab.name);
    }
    await this.#letGo();
  }

  /** Another runner can have brought the lab up as something else than the pages show: nobody asked for anything there. */
  async #refuseUnseen(): Promise<void> {
    const otherwise = differing(this.lab.chosen(), this.#view.chosen);
    if (otherwise === '') return;
    await this.refresh();
    throw new Refusal(
      `the lab ${this.lab.name} was brought up by another runner, with ${otherwise}; nothing was done`,
      'ask again to go on with it as it is, or take it down first',
    );
  }

  /** A lab that is up stays chosen: after it broke it comes up as the same again, unless something else is chosen. */
  #wishWhatIs(): void {
    if (this.lab.instance() === undefined) return;
    const chosen = this.lab.chosen();
    if (tellFacts(chosen) === tellFacts(this.#asked)) return;
    this.#asked = chosen;
    try {
      this.#wished = this.#options.load(chosen);
    } catch {
      // Its file no longer offers that.
    }
  }

  async #lookAgain(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      await this.refresh();
    } finally {
      this.#looking = false;
    }
  }

  async #doing(
    what: string,
    progress: (text: string) => void,
    work: (tell: (text: string) => void) => Promise<void>,
  ): Promise<void> {
    const tell = (text: string): void => {
      const shown = text.startsWith(`${this.lab.name}: `) ? text.slice(this.lab.name.length + 2) : text;
      this.#busy = shown;
      this.#update(this.#view.hosts);
      progress(shown);
    };
    try {
      tell(what);
      await work(tell);
    } finally {
      this.#busy = undefined;
      await this.refresh();
    }
  }

  async #facts(host: string, instance: string | undefined): Promise<Facts> {
    if (instance === undefined) return {};
    const known = this.#view.hosts.find((each) => each.host === host)?.facts ?? {};
    if (this.#view.instance === instance && Object.keys(known).length > 0) return known;
    return this.lab.facts(host).catch(() => ({}));
  }

  #viewWith(hosts: readonly HostView[]): LabView {
    const { name, title, checkpoints, disposable, typing } = this.lab;
    return {
      lab: name,
      title,
      hosts,
      checkpoints,
      disposable,
      typing,
      busy: this.#busy,
      topology: databaseHosts(this.lab).length > 1,
      instance: this.lab.instance(),
      offered: this.lab.offered,
      chosen: this.#wished.chosen(),
    };
  }

  #update(hosts: readonly HostView[]): void {
    this.#wishWhatIs();
    const view = this.#viewWith(hosts);
    if (JSON.stringify(view) === JSON.stringify(this.#view)) return;
    this.#view = view;
    this.#options.changed();
  }

  async #endSessions(why: string): Promise<void> {
    const terminals = [...this.terminals.values()].map((terminal) => terminal.end(why));
    await Promise.all([...terminals, this.databases.end()]);
  }

  async #letGo(): Promise<void> {
    const lock = this.#lock;
    this.#lock = undefined;
    (await lock?.catch(() => undefined))?.();
  }
}
