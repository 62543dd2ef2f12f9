import type { CastEvent, CastHeader } from '../cast/model.ts';
import type { RunEvent } from '../run/model.ts';
import { emptyRun, reduceRun } from '../run/state.ts';
import { type Attempt, attemptsOf } from './attempts.ts';
import type { Hiding } from './hide-values.ts';
import { hostCast } from './host-cast.ts';
import type { RecordedStep, Recording } from './model.ts';
import { outputLimit, rendered } from './shown-output.ts';

/** A host's cast, not yet written. */
export type HostCast = { readonly header: CastHeader; readonly events: readonly CastEvent[] };

/** A recording whose casts have no files yet. */
export type MadeRecording = {
  readonly recording: Omit<Recording, 'casts'>;
  readonly casts: Readonly<Record<string, HostCast>>;
};

/** Makes a recording from a run log, or says why it cannot be one: a recording is one whole run that has ended. */
export async function makeRecording(
  events: Iterable<RunEvent>,
  hiding: Hiding,
): Promise<MadeRecording | { readonly problem: string }> {
  let state = emptyRun;
  const judged = new Map<string, number>();
  for (const event of events) {
    state = reduceRun(state, event);
    if (event.kind === 'step-ended') judged.set(event.outcome.step, event.at);
  }
  const { runbook, lab, date, verdict, facts } = state;
  if (verdict === undefined) return { problem: 'the run has not come to its end' };
  const attempts = attemptsOf(events);
  const begun = new Map(attempts.toReversed().map(({ step, at }) => [step, at]));
  const steps: RecordedStep[] = [];
  for (const { id, hash, outcome } of state.steps) {
    if (!outcome) return { problem: `only a part was run: step ${id} was not` };
    const { captures: _, ...shown } = outcome;
    const own = attempts.findLast(({ step }) => step === id);
    const output = own?.background && outcome.end === undefined ? await outputSoFar(own) : undefined;
    const step = hiding.deep({ ...shown, ...output });
    const at = Math.round(begun.get(id) ?? judged.get(id) ?? 0);
    steps.push({ ...step, durationMs: Math.round(outcome.durationMs), hash, at });
  }
  const casts: Record<string, HostCast> = {};
  for (const host of new Set(attempts.map((attempt) => attempt.host))) {
    const own = attempts.filter((attempt) => attempt.host === host);
    const header: CastHeader = {
      columns: 120,
      rows: 30,
      terminal: 'xterm-256color',
      timestamp: Math.floor(Date.parse(date) / 1000),
      idleTimeLimit: 2,
      title: hiding.text(`${state.title}: ${host}`),
    };
    casts[host] = { header, events: await hostCast(own, facts[host] ?? {}, hiding) };
  }
  const hosts = hiding.all(facts);
  const durationMs = Math.round(state.at);
  return { recording: { version: 1, runbook, lab, date, durationMs, verdict, hosts, steps }, casts };
}

/** A background step is judged while it runs; what it had printed until then is what its readers want to see. */
async function outputSoFar({ pieces, endedAt }: Attempt): Promise<{ output: string; outputLines: number }> {
  const lines = await rendered(pieces.filter(({ at }) => at <= endedAt));
  return { output: lines.join('\n').slice(0, outputLimit), outputLines: lines.length };
}
