import { setTimeout as delay } from 'node:timers/promises';
import { seconds } from '../../core/run/judge.ts';
import type { CommandEnd, Outcome, RunEvent } from '../../core/run/model.ts';
import type { RunState } from '../../core/run/state.ts';
import type { CommandRun, Session } from '../sessions/session.ts';
import type { Execution } from './executor.ts';
import { goneText, type HostSessions } from './host-sessions.ts';
import { disconnected, judgedOutcome, notOpened } from './outcome.ts';
import { OutputReader } from './output-reader.ts';
import type { Place } from './place.ts';
import type { PreparedStep } from './prepare.ts';
import { startPreviews } from './previews.ts';

/** What a step needs of the run around it. */
export type StepContext = {
  readonly execution: Execution;
  readonly sessions: HostSessions;
  readonly emit: (event: RunEvent) => void;
  readonly state: () => RunState;
};

/** Runs a step, repeatedly while its `until` lasts, and judges it by its last whole attempt. */
export async function runStep(prepared: PreparedStep, context: StepContext): Promise<Outcome> {
  const { step } = prepared;
  const { clock, signal } = context.execution;
  const taken = context.state().steps.find((state) => state.id === step.id && state.status === 'running')?.taken;
  const began = taken?.at ?? clock();
  const end = step.until === undefined ? undefined : began + step.until;
  let whole: Outcome | undefined;
  let pause = 50;
  for (let attempt = taken?.attempt ?? 1; ; attempt++) {
    const left = end === undefined ? Number.POSITIVE_INFINITY : end - clock();
    const outcome = await attemptStep(prepared, context, attempt, began, Math.max(1, Math.min(step.timeout, left)));
    if (step.until === undefined || end === undefined) return outcome;
    // Cut by the time that was left, not by its own: what it had printed by then says nothing.
    if (outcome.end?.kind === 'timed-out' && left < step.timeout) return cutShort(outcome, whole, step.until);
    const again = outcome.verdict === 'failed' || outcome.verdict === 'timed-out';
    if (!again || signal.aborted) return outcome;
    whole = outcome;
    if (clock() + pause >= end) return stillSo(whole, step.until, whole.durationMs);
    // What is awaited happens on the host, unseen from here: ask again, ever less often.
    await delay(pause, undefined, { signal }).catch(() => undefined);
    pause = Math.min(pause * 1.5, 1000);
  }
}

/** The outcome of a step whose time ended in the midst of an attempt. */
function cutShort(cut: Outcome, whole: Outcome | undefined, until: number): Outcome {
  if (whole !== undefined) return stillSo(whole, until, cut.durationMs);
  const which = cut.attempts === 1 ? 'its first attempt' : `attempt ${cut.attempts}, the first one after --resume,`;
  return {
    ...cut,
    reason: `${which} did not end within the ${seconds(until)} of \`until\`; its processes were ended`,
    hints: [...cut.hints, 'give `until` the time of several attempts, and each attempt a shorter `timeout`'],
  };
}

function stillSo(whole: Outcome, until: number, durationMs: number): Outcome {
  const { reason, attempts } = whole;
  const count = attempts === 1 ? '1 attempt' : `${attempts} attempts`;
  return { ...whole, durationMs, reason: `${reason} — still so after ${seconds(until)} and ${count}` };
}

async function attemptStep(
  prepared: PreparedStep,
  context: StepContext,
  attempt: number,
  began: number,
  timeout: number,
): Promise<Outcome> {
  const { step, host, place, command, language, expectation } = prepared;
  const { execution, emit, sessions } = context;
  const { clock, redactor } = execution;
  const session = await openOrExplain(sessions, place);
  const reader = new OutputReader(expectation);
  const stream = redactor.stream();
  const tell = (data: string): void => {
    if (data !== '') emit({ kind: 'output', at: clock(), step: step.id, data });
  };
  const stopPreviews = startPreviews(step.id, reader, execution);
  const request: CommandRun = {
    command,
    language,
    timeout,
    signal: execution.signal,
    onOutput: (text) => {
      tell(stream.write(text));
      return reader.take(text);
    },
    onSequence: (sequence) =>
      emit({
        kind: 'step-started',
        at: clock(),
        step: step.id,
        host,
        command: redactor.text(command),
        attempt,
        session: 'kind' in session ? '' : session.name,
        sequence,
      }),
  };
  try {
    const end = 'kind' in session ? session : await takeUpOrRun(session, request, prepared, context, attempt);
    tell(stream.end());
    if (end.kind === 'shell-exited' || end.kind === 'disconnected') await sessions.forget(place);
    return await judgedOutcome(prepared, end, reader, { durationMs: clock() - began, attempts: attempt });
  } finally {
    stopPreviews();
  }
}

/** A command that an earlier runner started is awaited, not run again; one that never began is run. */
async function takeUpOrRun(
  session: Session,
  request: CommandRun,
  { step, host, place }: PreparedStep,
  { state, emit, execution, sessions }: StepContext,
  attempt: number,
): Promise<CommandEnd> {
  const known = state().steps.find((candidate) => candidate.id === step.id);
  if (known?.status === 'running' && known.taken?.attempt === attempt && known.taken.host === host) {
    if (known.taken.session !== session.name)
      return disconnected(
        place,
        `the shell in which the step was begun is gone, and nobody knows how far the step came; look at ${host}, then go on with --from ${step.id} or the step after it`,
      );
    emit({ kind: 'step-taken-up', at: execution.clock(), step: step.id });
    const end = await session.takeUp(known.taken.sequence, request);
    if (end) return end;
  }
  if (!sessions.mayRun(place)) {
    const why =
      place.database === undefined
        ? 'it is not the shell in which the earlier steps ran; look at the host, then start over or go on with --from'
        : goneText(place);
    return disconnected(place, why);
  }
  return session.run(request);
}

async function openOrExplain(sessions: HostSessions, place: Place): Promise<Session | CommandEnd> {
  try {
    return await sessions.of(place);
  } catch (error) {
    return notOpened(place, error);
  }
}
