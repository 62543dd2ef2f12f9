import type { Outcome, Verdict } from '../run/model.ts';
import type { Facts } from '../runbook/model.ts';

/**
 * What one run of a runbook on one lab produced, as `tejun record` writes it to
 * `content/recordings/<runbook>/<lab>/recording.json`, and the published pages show it. Beside it lies an asciicast v3
 * file for each host, with a marker named after each step. Secrets, other values of declared variables, and names of the
 * recording machine are redacted in both.
 */
export type Recording = {
  readonly version: 1;
  readonly runbook: string;
  readonly lab: string;
  /** When the run began: ISO 8601, UTC. */
  readonly date: string;
  readonly durationMs: number;
  readonly verdict: Verdict;
  /** Facts by host, among them `pg_version`, the full one of PostgreSQL. */
  readonly hosts: Readonly<Record<string, Facts>>;
  /**
   * File names of the casts by host, `<host>-<beginning of the content's SHA-256>.cast`. Another content has another
   * name, so that replacing `recording.json` replaces all at once. A host on which nothing ran has none.
   */
  readonly casts: Readonly<Record<string, string>>;
  /** In the order of the page. */
  readonly steps: readonly RecordedStep[];
};

/** One step of a recording. */
export type RecordedStep = Omit<Outcome, 'captures'> & {
  /** SHA-256 of the step's source then; another one now makes the recording of this step stale. */
  readonly hash: string;
  /** Milliseconds from the beginning of the run, and so of the host's cast, to the step's beginning. */
  readonly at: number;
};
