import type { RecordedStep, Recording } from './model.ts';

/** How a step's recording stands to its page: of this very source, of an earlier one, or not there. */
export type Freshness = 'fresh' | 'stale' | 'not-run';

/** What a page can show of a recording. */
export type Staleness = {
  /** In the order of the page; `recorded` also when stale. */
  readonly steps: readonly {
    readonly step: string;
    readonly freshness: Freshness;
    readonly recorded: RecordedStep | undefined;
  }[];
  readonly counts: Readonly<Record<Freshness, number>>;
  /** Steps that are fresh and passed. */
  readonly verified: number;
};

/** Compares a page's steps, with the hashes of their sources now, with a recording; without one nothing was run. */
export function stalenessOf(
  recording: Pick<Recording, 'steps'> | undefined,
  steps: readonly { readonly id: string; readonly hash: string }[],
): Staleness {
  const recordings = new Map(recording?.steps.map((recorded) => [recorded.step, recorded]));
  const compared = steps.map(({ id, hash }) => {
    const recorded = recordings.get(id);
    return { step: id, freshness: freshnessOf(recorded, hash), recorded };
  });
  const count = (wanted: Freshness): number => compared.filter(({ freshness }) => freshness === wanted).length;
  const counts = { fresh: count('fresh'), stale: count('stale'), 'not-run': count('not-run') };
  const verified = compared.filter(
    ({ freshness, recorded }) => freshness === 'fresh' && recorded?.verdict === 'passed',
  ).length;
  return { steps: compared, counts, verified };
}

function freshnessOf(recorded: RecordedStep | undefined, hash: string): Freshness {
  if (recorded === undefined || (recorded.verdict === 'skipped' && !recorded.elsewhere)) return 'not-run';
  return recorded.hash === hash ? 'fresh' : 'stale';
}
