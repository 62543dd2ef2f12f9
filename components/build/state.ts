import type { Recorded } from './recorded.ts';
import type { State } from './words.ts';

/** Signs that stand beside the word, for those who tell no colours apart and for a quick look. */
export const signs: Readonly<Record<State, string>> = {
  passed: '✓',
  failed: '✗',
  errored: '✗',
  'timed-out': '✗',
  skipped: '–',
  stale: '⚠',
  missing: '–',
  elsewhere: '·',
};

/** How a step stands on a lab. */
export function stateOf(recorded: Recorded): State {
  if (recorded.kind !== 'current') return recorded.kind;
  return recorded.step.elsewhere ? 'elsewhere' : recorded.step.verdict;
}
