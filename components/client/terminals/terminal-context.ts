import type { ClientMessage } from '../../../core/protocol/client-message.ts';
import type { LabView, ServerMessage, StepView } from '../../../core/protocol/server-message.ts';

/** What the terminals need of the page around them. */
export type TerminalContext = {
  send(message: ClientMessage): boolean;
  /** A number for a request that is made at a host's terminal. */
  request(host: string): number;
  goToStep(step: string): void;
  /** The focus leaves the terminals. */
  leave(): void;
  say(text: string): void;
  /** The terminals that are open have changed. */
  changed(hosts: readonly string[]): void;
};

/** What the terminals are told of the page's state. */
export type TerminalState = {
  readonly connected: boolean;
  readonly lab: LabView;
  readonly steps: ReadonlyMap<string, StepView>;
};

/** Messages that are about a watched terminal. */
export type TerminalMessage = Extract<ServerMessage, { kind: 'terminal' | 'output' | 'terminal-ended' }>;
