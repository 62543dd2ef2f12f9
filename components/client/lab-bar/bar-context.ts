import type { Facts } from '../../../core/runbook/model.ts';
import type { ConnectionState } from '../connection.ts';
import type { PageState } from '../page-state.ts';
import type { Refusal } from '../requests.ts';

/** What the lab bar shows. */
export type BarContext = {
  readonly state: PageState;
  readonly connection: ConnectionState;
  /** When the runner was lost, as a time of day. */
  readonly asOf: string | undefined;
  readonly canRun: boolean;
  readonly canStop: boolean;
  /** The page's steps in order. */
  readonly steps: readonly { readonly id: string; readonly hash: string }[];
  /** To which Run all resets the lab; undefined when it resets nothing. */
  readonly checkpoint: string | undefined;
  readonly refusal: Refusal | undefined;
  /** The runner says that this page is not the one on the disk. */
  readonly outdated: boolean;
  /** Hosts whose terminals are open. */
  readonly terminals: ReadonlySet<string>;
};

/** What the lab bar asks of the page. */
export type BarRequests = {
  chooseLab(lab: string): void;
  lab(action: 'up' | 'down' | 'reset', checkpoint?: string): void;
  /** What the lab is to be when it comes up. */
  choose(facts: Facts): void;
  runAll(): void;
  stop(): void;
  resume(): void;
  toStep(step: string): void;
  toggleTerminal(host: string): void;
  dismiss(): void;
};
