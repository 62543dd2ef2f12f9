import { cutDiff } from '../../core/expectation/cut-diff.ts';
import type { Diff } from '../../core/expectation/model.ts';
import type { Outcome } from '../../core/run/model.ts';

/** UTF-16 units of an output's end, or of a command, that a page gets. */
const longOutput = 16 * 1024;
const longText = 2000;

/** An outcome as a page gets it, its diff apart, both cut to what can be shown. */
export function shownOutcome(outcome: Outcome): { readonly outcome: Outcome; readonly diff: Diff | undefined } {
  const { diff } = outcome;
  const shorten = (text: string, limit: number): string => (text.length <= limit ? text : `${text.slice(0, limit)}…`);
  const cut = diff && cutDiff(diff, { rows: 400, text: longText, all: 256 * 1024, shorten });
  const shown: Outcome = {
    ...outcome,
    command: shownCommand(outcome.command),
    reason: outcome.reason && shorten(outcome.reason, longText),
    diff: undefined,
    output: outcome.output.slice(-longOutput),
    captures: Object.fromEntries(
      Object.entries(outcome.captures).map(([name, value]) => [name, shorten(value, longText)]),
    ),
  };
  return wellFormed({ outcome: shown, diff: cut });
}

/** A command as a page gets it. */
export function shownCommand(command: string): string {
  return command.length <= longOutput ? command : `${command.slice(0, longOutput)}…`;
}

/** Bytes that are no UTF-8, and halves of characters, as a page shows them. */
export function wellFormed<T>(value: T): T {
  return mapStrings(value) as T;
}

function mapStrings(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(mapStrings);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapStrings(item)]));
}
