import type { RunEvent } from '../run/model.ts';
import { databaseOfSession } from '../run/session-names.ts';

/** A piece of terminal output; `at` is milliseconds since the run began. */
export type Piece = { readonly at: number; readonly text: string };

/** One execution of a step's command, as the run log tells it. */
export type Attempt = {
  readonly step: string;
  readonly host: string;
  /** From 1; more only in an `until` step. */
  readonly number: number;
  /** It ran on a terminal of its own, while other steps ran. */
  readonly background: boolean;
  /** Database on which it ran; undefined: in a shell. */
  readonly database: string | undefined;
  readonly at: number;
  /** As it was run, values filled in, secrets hidden. */
  readonly command: string;
  readonly pieces: readonly Piece[];
  /** When it was judged; a background step may print after that. */
  readonly endedAt: number;
};

type Growing = { -readonly [Key in keyof Attempt]: Attempt[Key] } & { pieces: Piece[] };

/** The commands of a run in the order in which they began. */
export function attemptsOf(events: readonly RunEvent[]): readonly Attempt[] {
  let attempts: Growing[] = [];
  const newest = new Map<string, Growing>();
  for (const event of events) {
    switch (event.kind) {
      case 'step-started': {
        const { step, host, command, at, session, attempt: number } = event;
        const background = session.startsWith('background-');
        const database = databaseOfSession(session);
        const attempt = { step, host, number, background, database, at, command, pieces: [], endedAt: at };
        attempts.push(attempt);
        newest.set(step, attempt);
        break;
      }
      case 'step-taken-up': {
        // What comes now is told from its start again.
        const attempt = newest.get(event.step);
        if (attempt) attempt.pieces = [];
        break;
      }
      case 'output':
        newest.get(event.step)?.pieces.push({ at: event.at, text: event.data });
        break;
      case 'step-ended': {
        const { step, attempts: judged } = event.outcome;
        // The step was judged by its last whole attempt; one that was cut after it shows nothing.
        if (judged > 0) attempts = attempts.filter((attempt) => attempt.step !== step || attempt.number <= judged);
        const attempt = attempts.findLast((candidate) => candidate.step === step);
        if (attempt) attempt.endedAt = event.at;
        break;
      }
      case 'run-started':
      case 'run-resumed':
      case 'run-ended':
        break;
    }
  }
  return attempts;
}
