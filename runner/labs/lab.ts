import type { Facts } from '../../core/runbook/model.ts';
import type { DatabaseAccess } from '../databases/access.ts';
import type { Access } from '../sessions/access.ts';
import type { OfferedFacts } from './lab-facts.ts';

/** What a lab is doing, told while it does it. */
export type Progress = (message: string) => void;

/** A host's state as `lab status` shows it. */
export type HostStatus = {
  readonly host: string;
  readonly state: 'down' | 'up' | 'ready' | 'broken';
  readonly detail: string;
};

/** One finding of `lab doctor`. */
export type Diagnosis = { readonly ok: boolean; readonly what: string; readonly hint: string };

/** A declared set of hosts. */
export interface Lab {
  readonly name: string;
  /** What a person reads. */
  readonly title: string;
  /** Names of the states to which `reset` can return, the first one first. */
  readonly checkpoints: readonly string[];
  /** Whether readers of a page may type into its terminals. */
  readonly typing: boolean;
  /** What can be chosen when it comes up. */
  readonly offered: OfferedFacts;
  /** What of that is chosen: what it came up with, or, while it is down, what it would come up with. */
  chosen(): Facts;
  /** Host names in the order of the lab file; the first is the default host. */
  readonly hosts: readonly string[];
  /**
   * Brings all hosts to `ready`; cleans what a crashed run left. Does nothing that is already done; refuses when it is up
   * otherwise than asked for. `needed`: the hosts that have to be there; servers that nobody needs are left alone.
   */
  up(progress: Progress, signal: AbortSignal, needed?: ReadonlySet<string>): Promise<void>;
  /** Hosts that came up: all of them, but of servers only those that were needed so far; none while it is down. */
  reached(): readonly string[];
  /** Ends every process of the lab and removes its files. */
  down(progress: Progress): Promise<void>;
  /** Puts the hosts back to a named checkpoint (the lab's first one without a name), closing what runs on them. */
  reset(checkpoint: string | undefined, progress: Progress, signal: AbortSignal): Promise<void>;
  status(): Promise<readonly HostStatus[]>;
  doctor(): Promise<readonly Diagnosis[]>;
  /** Facts of a host, probed on the host; rejects when they are not what was chosen. */
  facts(host: string): Promise<Facts>;
  /** How to open a session on a host (`openSession`); throws while the lab is down. */
  access(host: string): Access;
  /** How to connect to a host's database server; undefined: its lab file names none. Throws while the lab is down. */
  database(host: string): DatabaseAccess | undefined;
  /** What a host's `database` is, also while the lab is down; undefined: its lab file names none. */
  databaseKind(host: string): DatabaseAccess['kind'] | undefined;
  /** By what address a host's servers know each other; undefined: it has none of its own. */
  address(host: string): string | undefined;
  /** Names this life of the lab: another after `up` from nothing and after every `reset`; undefined while down. */
  instance(): string | undefined;
  /** True for a lab that is made to be thrown away, where dangerous steps run without asking. */
  readonly disposable: boolean;
  /** Keeps other runners away from the lab until the returned function is called; rejects, saying who holds it. */
  lock(): Promise<() => void>;
}
