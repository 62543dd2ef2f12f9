import type { CommandEnd } from '../../core/run/model.ts';
import type { CommandRun } from './session.ts';
import type { SurrogateDecoder } from './surrogate-text.ts';

/** The command under way. */
export type ActiveCommand = {
  readonly sequence: number;
  readonly request: Omit<CommandRun, 'command'>;
  readonly decoder: SurrogateDecoder;
  readonly startedAt: number;
  readonly finish: (end: CommandEnd) => void;
  began: boolean;
  outputAt: number;
  /** Last characters of the output, to see a prompt that came without a mark. */
  tail: string;
  /** The process that waited for keys when looked at last, and since when. */
  waiting: { readonly pid: number } | undefined;
  looks: number;
  /** Set once the command is being ended by force. */
  ending: CommandEnd | undefined;
  /** Somebody has begun to end it by force. */
  forced: boolean;
  /** A reader typed keys into it. */
  typed: boolean;
};
