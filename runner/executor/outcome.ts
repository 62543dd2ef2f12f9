import { hintsFor, hintsForEnd, judge } from '../../core/run/judge.ts';
import type { CommandEnd, Outcome, Verdict } from '../../core/run/model.ts';
import type { Step } from '../../core/runbook/model.ts';
import { SshError } from '../sessions/ssh/ssh-error.ts';
import type { OutputReader } from './output-reader.ts';
import { type Place, placeText } from './place.ts';
import type { PreparedStep } from './prepare.ts';

/** An outcome that says no more than its verdict. */
export function outcomeOf(
  { step, host, command }: Pick<PreparedStep, 'step' | 'host' | 'command'>,
  verdict: Verdict,
  reason: string | undefined,
  spent: { readonly durationMs: number; readonly attempts: number },
): Outcome {
  return {
    step: step.id,
    host,
    command,
    verdict,
    reason,
    end: undefined,
    diff: undefined,
    output: '',
    outputLines: 0,
    captures: {},
    durationMs: spent.durationMs,
    attempts: spent.attempts,
    hints: [],
  };
}

/** The outcome of a step that was not executed. */
export function plainOutcome(
  step: Step,
  execution: { readonly defaultHost: string },
  verdict: Verdict,
  reason: string,
): Outcome {
  const command = step.commands[0]?.value.text ?? '';
  const host = step.host ?? execution.defaultHost;
  return outcomeOf({ step, host, command }, verdict, reason, { durationMs: 0, attempts: 0 });
}

/** The outcome of a command that has ended. */
export async function judgedOutcome(
  prepared: PreparedStep,
  end: CommandEnd,
  reader: OutputReader,
  spent: { readonly durationMs: number; readonly attempts: number },
): Promise<Outcome> {
  const { step } = prepared;
  const { judgement, text, lines, garbage } = await reader.end();
  const { verdict, reason: judged } = judge({ end, exit: step.exit, judgement, garbage });
  const reason = judged === undefined ? undefined : `${judged}${refusedAt(prepared, end)}`;
  const passed = verdict === 'passed';
  const ran = { language: prepared.language, text: prepared.command };
  return {
    ...outcomeOf(prepared, verdict, reason, spent),
    end,
    diff: judgement?.diff,
    output: text,
    outputLines: lines,
    captures: passed ? (judgement?.captures ?? {}) : {},
    hints: passed ? [] : [...hintsForEnd(end, ran), ...hintsToGoOn(prepared, end), ...hintsFor(step.hints, judgement)],
  };
}

/** How a run can go on where it was cut off. */
function hintsToGoOn({ step, host }: PreparedStep, end: CommandEnd): readonly string[] {
  return end.kind === 'disconnected' && end.goOn === true
    ? [`when ${host} is well again, go on with \`--from ${step.id}\`, or with the step after it`]
    : [];
}

/** The end of a command that did not begin, or of which nobody knows. */
export function disconnected({ database }: Place, why: string, goOn = false): CommandEnd {
  return { kind: 'disconnected', why, ...(database !== undefined && { to: 'database' }), ...(goOn && { goOn }) };
}

/** The end of a command for which no session could be opened. */
export function notOpened(place: Place, error: unknown): CommandEnd {
  const what = place.database === undefined ? `no shell on ${place.host}` : `no connection to ${placeText(place)}`;
  return disconnected(
    place,
    `${what}: ${error instanceof Error ? error.message : String(error)}`,
    error instanceof SshError,
  );
}

/** Where in the page the text stands that bash refused. */
function refusedAt({ commandAt: { file, line } }: PreparedStep, end: CommandEnd): string {
  if (end.kind !== 'exited' || end.refusedLine === undefined) return '';
  return `; bash refuses the text at ${file}:${line + end.refusedLine - 1}`;
}
