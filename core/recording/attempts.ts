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
  /** How much output is left out between the pieces, in UTF-16 units. */
  readonly leftOut: number;
  /** When it was judged; a background step may print after that. */
  readonly endedAt: number;
};

type Growing = { -readonly [Key in keyof Attempt]: Attempt[Key] } & { pieces: Piece[]; readonly kept: Kept };

/** The commands of a run in the order in which they began. */
export function attemptsOf(events: Iterable<RunEvent>): readonly Attempt[] {
  let attempts: Growing[] = [];
  const newest = new Map<string, Growing>();
  for (const event of events) {
    switch (event.kind) {
      case 'step-started': {
        const { step, host, command, at, session, attempt: number } = event;
        const background = session.startsWith('background-');
        const database = databaseOfSession(session);
        const attempt = {
          step,
          host,
          number,
          background,
          database,
          at,
          command,
          pieces: [],
          leftOut: 0,
          endedAt: at,
          kept: noneKept(),
        };
        attempts.push(attempt);
        newest.set(step, attempt);
        break;
      }
      case 'step-taken-up': {
        // The runner that takes the step up gives its output from the beginning again.
        const attempt = newest.get(event.step);
        if (attempt) Object.assign(attempt, { pieces: [], leftOut: 0, kept: noneKept() });
        break;
      }
      case 'output':
        keep(newest.get(event.step), { at: event.at, text: event.data });
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
  for (const attempt of attempts) joinAtLines(attempt);
  return attempts;
}

/** How many pieces at the beginning stay, and how much text is in these and in those after them. */
type Kept = { head: number; headUnits: number; tailUnits: number };

function noneKept(): Kept {
  return { head: 0, headUnits: 0, tailUnits: 0 };
}

/** UTF-16 units that are kept of the beginning and of the end of one command's output: several times what is shown. */
const keptUnits = 1024 * 1024;

/** Lets what is left out begin and end with a line: half of a sequence would swallow what comes after it. */
function joinAtLines(attempt: Growing): void {
  const { pieces, kept, leftOut } = attempt;
  const [before, after] = [pieces[kept.head - 1], pieces[kept.head]];
  if (leftOut === 0 || before === undefined || after === undefined) return;
  const text = before.text.slice(0, before.text.lastIndexOf('\n') + 1);
  const rest = after.text.slice(after.text.indexOf('\n') + 1);
  attempt.leftOut += before.text.length - text.length + after.text.length - rest.length;
  pieces.splice(kept.head - 1, 2, { ...before, text }, { ...after, text: rest });
}

/** Adds a piece; of too many, the oldest of the middle are left out. A background step keeps all: its output stands among that of others. */
function keep(attempt: Growing | undefined, piece: Piece): void {
  if (attempt === undefined) return;
  const { kept, pieces } = attempt;
  pieces.push(piece);
  if (attempt.background) return;
  if (kept.headUnits < keptUnits) {
    kept.head++;
    kept.headUnits += piece.text.length;
    return;
  }
  kept.tailUnits += piece.text.length;
  if (kept.tailUnits <= 2 * keptUnits) return;
  let count = 0;
  for (let over = kept.tailUnits - keptUnits; over > 0; count++) over -= pieces[kept.head + count]?.text.length ?? over;
  for (const { text } of pieces.splice(kept.head, count)) {
    attempt.leftOut += text.length;
    kept.tailUnits -= text.length;
  }
}
