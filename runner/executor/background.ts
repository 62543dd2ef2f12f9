import { once } from 'node:events';
import type { CommandEnd, Outcome, RunEvent } from '../../core/run/model.ts';
import type { OutputLost } from '../sessions/lost-output.ts';
import type { CommandRun, Session } from '../sessions/session.ts';
import type { Execution } from './executor.ts';
import { judgedOutcome, notOpened, outcomeOf } from './outcome.ts';
import { OutputReader } from './output-reader.ts';
import type { PreparedStep } from './prepare.ts';
import { startPreviews } from './previews.ts';

type Running = { readonly session: Session; readonly stop: AbortController; readonly done: Promise<void> };

/** Steps that go on while others run. Each has a session of its own; all are ended when the run ends. */
export class BackgroundSteps {
  readonly #execution: Execution;
  readonly #emit: (event: RunEvent) => void;
  readonly #running: Running[] = [];

  constructor(execution: Execution, emit: (event: RunEvent) => void) {
    this.#execution = execution;
    this.#emit = emit;
  }

  /** Starts a step; it passes as soon as its output meets the expectation, and may still fail by ending badly later. */
  async start(prepared: PreparedStep): Promise<Outcome> {
    const { step, host, command, language, expectation } = prepared;
    const { clock, redactor, signal } = this.#execution;
    const began = clock();
    const spent = () => ({ durationMs: clock() - began, attempts: 1 });
    const reader = new OutputReader(expectation);
    const stream = redactor.stream();
    const stop = new AbortController();
    const changed = new EventTarget();
    const tell = (data: string): void => {
      if (data !== '') this.#emit({ kind: 'output', at: clock(), step: step.id, data });
    };
    let end: CommandEnd | undefined;
    let passed = false;

    const withGap = ({ why }: OutputLost): Outcome => ({
      ...outcomeOf(prepared, 'errored', `output was lost: ${why}`, spent()),
      diff: reader.preview(),
    });
    const settle = async (): Promise<Outcome> => {
      // While it runs, its output so far is judged; that it goes on is what it is for.
      if (end?.kind === 'output-lost') return withGap(end);
      return end ? judgedOutcome(prepared, end, reader, spent()) : outcomeOf(prepared, 'passed', undefined, spent());
    };
    const emitOutcome = (outcome: Outcome): Outcome => {
      this.#emit({ kind: 'step-ended', at: clock(), outcome: redactor.deep(outcome) });
      return outcome;
    };

    let session: Session;
    try {
      session = await this.#execution.openSession(host, `background-${step.id}`);
    } catch (error) {
      return emitOutcome(await judgedOutcome(prepared, notOpened(prepared.place, error), reader, spent()));
    }
    const lose = (how: OutputLost): void => {
      if (end !== undefined) return;
      end = how;
      changed.dispatchEvent(new Event('change'));
      if (passed) emitOutcome(withGap(how));
    };
    const request: Omit<CommandRun, 'command'> = {
      onOutputLost: lose,
      language,
      timeout: 2 ** 31 - 1,
      signal: stop.signal,
      onOutput: (text) => {
        tell(stream.write(text));
        const rendered = reader.take(text);
        changed.dispatchEvent(new Event('change'));
        return rendered;
      },
      onSequence: (sequence) =>
        this.#emit({
          kind: 'step-started',
          at: began,
          step: step.id,
          host,
          command: redactor.text(command),
          attempt: 1,
          session: session.name,
          sequence,
        }),
    };
    // What an earlier runner started still runs, or has ended meanwhile: it is taken up, not started twice.
    const taken = this.#execution.state.steps.find(({ id }) => id === step.id)?.taken;
    const again = taken?.session === session.name ? taken.sequence : undefined;
    if (again !== undefined) this.#emit({ kind: 'step-taken-up', at: clock(), step: step.id });
    const takenUp = again === undefined ? undefined : session.takeUp(again, request);
    const done = Promise.resolve(takenUp)
      .then((how) => how ?? session.run({ ...request, command }))
      .then(async (how) => {
        tell(stream.end());
        if (end !== undefined) return;
        end = how;
        changed.dispatchEvent(new Event('change'));
        // Ending by itself after it had passed is judged too: a loop that died early is no evidence.
        if (passed && how.kind !== 'stopped') emitOutcome(await settle());
      });
    this.#running.push({ session, stop, done });

    const limit = AbortSignal.any([AbortSignal.timeout(step.timeout), signal]);
    const stopPreviews = startPreviews(step.id, reader, this.#execution);
    while (!end && !reader.accepts() && !limit.aborted) {
      await once(changed, 'change', { signal: limit }).catch(() => undefined);
    }
    stopPreviews();
    if (!end && !reader.accepts()) {
      const reason = signal.aborted
        ? 'was stopped before it ended'
        : `did not print what is expected within ${step.timeout / 1000} s`;
      const verdict = signal.aborted ? 'errored' : 'timed-out';
      return emitOutcome({ ...outcomeOf(prepared, verdict, reason, spent()), diff: reader.preview() });
    }
    passed = true;
    return emitOutcome(await settle());
  }

  /** Ends all of them and waits until they are gone. */
  async sweep(): Promise<void> {
    for (const running of this.#running) running.stop.abort();
    for (const running of this.#running) {
      await running.done;
      await running.session.close();
    }
    this.#running.length = 0;
  }
}
