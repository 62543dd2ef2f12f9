import type { RecordedStep, Recording } from '../../core/recording/model.ts';
import type { Step } from '../../core/runbook/model.ts';
import { hashOf } from '../../core/runbook/step-hash.ts';
import type { StoredRecording } from './recordings.ts';

/** What is known of a step on a lab. */
export type Recorded =
  /** Ran as it stands on the page now. */
  | RecordedRun<'current'>
  /** Ran, but the step was changed since. */
  | RecordedRun<'stale'>
  /** The runbook was recorded on the lab, this step was not. */
  | { readonly kind: 'missing'; readonly recording: Recording };

type RecordedRun<K extends string> = {
  readonly kind: K;
  readonly recording: Recording;
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
    const found = own.filter(({ recording }) => recording.lab === lab).map((stored) => look(stored, step.id, hash));
    const borrowed = original
      .filter(({ recording }) => recording.lab === lab)
      .map((stored) => look(stored, step.id, hash))
      .map((result) => (result.kind === 'stale' ? { kind: 'missing' as const, recording: result.recording } : result));
    const all = [...found, ...borrowed];
    const best = all.find(({ kind }) => kind === 'current') ?? all.find(({ kind }) => kind === 'stale') ?? all[0];
    return best ? [best] : [];
  });
}

function look({ recording, casts }: StoredRecording, id: string, hash: string): Recorded {
  const step = recording.steps.find((candidate) => candidate.step === id);
  if (!step) return { kind: 'missing', recording };
  return { kind: step.hash === hash ? 'current' : 'stale', recording, step, cast: casts.has(step.host) };
}
