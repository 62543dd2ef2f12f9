import type { Diff } from '../expectation/model.ts';
import type { Facts } from '../runbook/model.ts';
import type { Topology } from '../topology/model.ts';

/** How a step or a run ended. `errored`: it could not be executed, which is never the same as not matching. */
export type Verdict = 'passed' | 'failed' | 'skipped' | 'errored' | 'timed-out';

/** How a command's execution ended, as a session reports it. Only `exited` can lead to `passed`. */
export type CommandEnd =
  /** `refusedLine`: bash refused the text as it stands in this line of the step, counted from 1. */
  | { readonly kind: 'exited'; readonly code: number; readonly refusedLine?: number }
  /** The shell itself went away: `exit`, `exec`, or a signal. */
  | { readonly kind: 'shell-exited'; readonly code: number | undefined }
  /** The time limit ended the command's whole process group. */
  | { readonly kind: 'timed-out'; readonly afterMs: number }
  /** Stopped by a person or by the end of the run. */
  | { readonly kind: 'stopped' }
  /** A program waits for keys that nobody will type. */
  | { readonly kind: 'waits-for-input'; readonly program: string }
  /** Some of its output was never read, so nobody knows what it said. */
  | { readonly kind: 'output-lost'; readonly why: string }
  /** Nothing of it was run. */
  | { readonly kind: 'refused'; readonly why: string }
  /** From the shell, or from what `to` says. `goOn`: what the run did stays, so it can go on there once that is mended. */
  | {
      readonly kind: 'disconnected';
      readonly why: string;
      readonly to?: 'database' | undefined;
      readonly goOn?: boolean;
    };

/** Step, what it did, and how it was judged: all that a reporter gets. */
export type Outcome = {
  readonly step: string;
  readonly host: string;
  /** The command as it was run, variables filled in, secrets hidden. */
  readonly command: string;
  readonly verdict: Verdict;
  /** One sentence for every verdict but `passed`: what happened. */
  readonly reason: string | undefined;
  readonly end: CommandEnd | undefined;
  readonly diff: Diff | undefined;
  /** Rendered output, cut in the middle beyond its limit; `outputLines` counts all of it. */
  readonly output: string;
  readonly outputLines: number;
  readonly captures: Readonly<Record<string, string>>;
  readonly durationMs: number;
  /** Number of attempts of an `until` step; 1 otherwise. */
  readonly attempts: number;
  readonly hints: readonly string[];
  /** The step is not for its host: it was passed over, as its page says, and weighs nothing. */
  readonly elsewhere?: true;
  /** What was seen after a step with `topology` had ended; it decides nothing. */
  readonly topology?: Topology;
  /** Why there is none though the step asks for it. */
  readonly topologyProblem?: string;
};

/** What a run writes down, in order. `at` is milliseconds since the run began, over resumes. */
export type RunEvent = { readonly at: number } & (
  | {
      readonly kind: 'run-started';
      readonly version: 1;
      readonly run: string;
      readonly runbook: string;
      readonly file: string;
      readonly title: string;
      readonly lab: string;
      /** Which life of the lab the run works on; a lab that was reset or brought up anew has another. */
      readonly instance: string;
      /** ISO 8601, UTC. */
      readonly date: string;
      readonly facts: Readonly<Record<string, Facts>>;
      /** What of the lab was chosen when it came up, as its PostgreSQL; a lab that offers nothing has none. */
      readonly chosen?: Facts;
      /** All steps of the run in order, with the SHA-256 of their source. */
      readonly steps: readonly { readonly id: string; readonly hash: string }[];
      /** Values taken over from an earlier run on the same life of the lab (`--from`, `--only`). */
      readonly captures?: Readonly<Record<string, string>>;
      /** Declared variables, no secrets, with other values than the page's defaults: recordings hide them. */
      readonly variables?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'run-resumed'; readonly date: string; readonly variables?: Readonly<Record<string, string>> }
  | {
      readonly kind: 'step-started';
      readonly step: string;
      readonly host: string;
      readonly command: string;
      readonly attempt: number;
      /** Session and the number of the command in it, so that a later runner can take it up. */
      readonly session: string;
      readonly sequence: number;
    }
  /** The interrupted command was found still running or finished: its output is told again from its start. */
  | { readonly kind: 'step-taken-up'; readonly step: string }
  | { readonly kind: 'output'; readonly step: string; readonly data: string }
  | { readonly kind: 'step-ended'; readonly outcome: Outcome }
  | { readonly kind: 'run-ended'; readonly verdict: Verdict }
);
