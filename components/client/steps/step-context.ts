import type { StepView } from '../../../core/protocol/server-message.ts';
import type { Facts } from '../../../core/runbook/model.ts';

/** What a step has to know of the page around it. */
export type StepContext = {
  /** Whether a run may be started now. */
  readonly canRun: boolean;
  /** Whether what runs may be stopped now. */
  readonly canStop: boolean;
  /** When the runner was lost, as a time of day; undefined while it is there. */
  readonly asOf: string | undefined;
  readonly captures: Readonly<Record<string, string>>;
  /** Which step captured a value, by its name. */
  readonly capturedBy: ReadonlyMap<string, string>;
  readonly lab: string | undefined;
  /** The facts of each host that is up. */
  readonly facts: ReadonlyMap<string, Facts>;
  /** Databases of steps in SQL that name none, by host. */
  readonly databases: ReadonlyMap<string, string>;
  /** Where steps run that name no host. */
  readonly firstHost: string | undefined;
};

/** What a step asks of the page. */
export type StepRequests = {
  run(step: string, mode: 'step' | 'from'): void;
  stop(): void;
  showInTerminal(view: StepView): void;
  /** Moves the focus to the next (1) or previous (-1) step. */
  move(step: string, by: 1 | -1): void;
  say(text: string): void;
};
