import type { CommandEnd } from '../../core/run/model.ts';
import type { Language } from '../../core/runbook/model.ts';
import type { OutputLost } from './lost-output.ts';
import type { TerminalListener } from './shown-text.ts';

/** One command in a session. */
export type CommandRun = {
  readonly command: string;
  /** In which language it is written, where a host speaks several; undefined: in its shell's own. */
  readonly language?: Language | undefined;
  /** Milliseconds; beyond it the command's process group is ended. */
  readonly timeout: number;
  /** Aborting stops the command, first by Ctrl-C, then by force. */
  readonly signal: AbortSignal;
  /**
   * Terminal output as text (invalid UTF-8 as lone surrogates U+DC80…U+DCFF), only what the command itself wrote.
   * When it returns a promise, the next output waits for it, and the command in the end too.
   */
  readonly onOutput: (text: string) => void | Promise<void>;
  /** Called before output that comes after a gap: for a command that is judged before it ends. */
  readonly onOutputLost?: (end: OutputLost) => void;
  /** Called once with the command's number in this session, before anything of it can run. */
  readonly onSequence?: (sequence: number) => void;
};

/** A live terminal channel to a host, many steps long. One command at a time. */
export interface Session {
  readonly name: string;
  readonly host: string;
  /** Whether the shell was there already, begun by an earlier runner. */
  readonly takenUp: boolean;
  /** Runs a command and tells how it ended. Never rejects for what the command did. */
  run(request: CommandRun): Promise<CommandEnd>;
  /**
   * Takes up command number `sequence` that an earlier runner started: tells its output again from the beginning and
   * awaits its end. `undefined` when that command never began.
   */
  takeUp(sequence: number, request: Omit<CommandRun, 'command'>): Promise<CommandEnd | undefined>;
  /** Ends the shell and everything it still runs in the foreground or background. */
  close(): Promise<void>;
  /** Lets go of the session without ending it, so that a later runner can take it up. */
  detach(): void;
}

/** A session whose terminal others may look at and type into. */
export interface TerminalSession extends Session {
  /** Names what watchers are shown: the same for each runner, unless a part was lost that nobody counted. */
  readonly terminal: string;
  /** UTF-16 units that watchers were shown before what is kept. */
  readonly shownBefore: number;
  /** When the shell was started, in milliseconds of this machine's clock. */
  readonly since: number;
  /** Why it takes no more commands; undefined while it does. */
  readonly over: string | undefined;
  /** Shows a listener all that the terminal shows, from what is kept on. */
  watch(listener: TerminalListener): void;
  /** What runs in it that is no command of ours and would get what we type; undefined at a prompt. */
  busy(): Promise<string | undefined>;
  /** Types a reader's keys. A command that gets them is no longer ended for waiting for input. */
  write(keys: string): void;
  /** Changes the terminal's size, in characters. */
  resize(columns: number, rows: number): Promise<void>;
}

/** How to get a shell on a host that a program of this machine can enter. */
export type HostAccess = {
  readonly kind: 'local';
  readonly host: string;
  /** Program and arguments that become a login on the host; a shell's own arguments are appended. */
  readonly enter: readonly string[];
  /** What runs the steps; undefined: bash. `cmd` is that of Wine, on a host with Windows. */
  readonly shell?: 'cmd';
  /** Directory on the host in which the login begins; undefined: its home. */
  readonly startIn?: string;
  /** User id on this machine that gets the terminal, where that is not our own: `/dev/stderr` opens it by its name. */
  readonly terminalOwner?: number;
  /** Environment of the login, complete: nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  /** Directory for the session's own files (spool, input pipe, state), on this machine. */
  readonly directory: string;
};
