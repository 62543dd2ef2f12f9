import type { RecordedStep, Recording } from '../../core/recording/model.ts';
import type { Verification } from '../../core/recording/verification.ts';
import type { Step } from '../../core/runbook/model.ts';
import { hashOf } from '../../core/runbook/step-hash.ts';
import type { StoredRecording } from './recordings.ts';

/** What is known of a step on a lab. */
export type Recorded = {
  readonly recording: Recording;
  /** What else the lab was when the step passed, as it stands on the page now. */
  readonly also: readonly Verification[];
} & Ran;

type Ran =
  /** Ran as it stands on the page now. */
  | RecordedRun<'current'>
  /** Ran, but the step was changed since. */
  | RecordedRun<'stale'>
  /** The runbook was recorded on the lab, this step was not. */
  | { readonly kind: 'missing' };

type RecordedRun<K extends string> = {
  readonly kind: K;
  readonly step: RecordedStep;
  /** Whether there is a cast of the step's host. */
  readonly cast: boolean;
};

/**
 * Finds a step in a page's own recordings and in those of the page of which it is the translation. A step of the latter
 * counts only when it is the same to the letter. One result for each lab.
 */
export function findRecorded(
  step: Step,
  own: readonly StoredRecording[],
  original: readonly StoredRecording[],
): readonly Recorded[] {
  const hash = hashOf(step);
  const labs = [...new Set([...own, ...original].map(({ recording }) => recording.lab))].sort();
  return labs.flatMap((lab) => {
    const onLab = (stored: readonly StoredRecording[]): readonly Recorded[] =>
      stored.filter(({ recording }) => recording.lab === lab).map((one) => look(one, step.id, hash));
    const borrowed = onLab(original).map((one): Recorded => {
      const { recording, also } = one;
      return one.kind === 'stale' ? { kind: 'missing', recording, also } : one;
    });
    const all = [...onLab(own), ...borrowed];
    const best = all.find(({ kind }) => kind === 'current') ?? all.find(({ kind }) => kind === 'stale') ?? all[0];
    return best ? [{ ...best, also: all.find(({ also }) => also.length > 0)?.also ?? [] }] : [];
  });
}

function look({ recording, casts, verifications }: StoredRecording, id: string, hash: string): Recorded {
  const also = verifications.filter(({ passed }) => Object.hasOwn(passed, id) && passed[id] === hash);
  const step = recording.steps.find((candidate) => candidate.step === id);
  if (!step) return { kind: 'missing', recording, also };
  return { kind: step.hash === hash ? 'current' : 'stale', recording, also, step, cast: casts.has(step.host) };
}
