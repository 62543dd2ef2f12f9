import type { Finding, FindingStatus } from '../../../core/finding/model.ts';
import { shownOn, statusOf } from '../../../core/finding/status.ts';
import { PageProblems } from '../page-source.ts';
import { gatherEvidence, type ShownEvidence } from './evidence.ts';
import { readFindings } from './read-findings.ts';

/** A finding with all that the ledger says of it. */
export type LedgerEntry = {
  readonly finding: Finding;
  readonly status: FindingStatus;
  readonly evidence: readonly ShownEvidence[];
  /** Systems that it still needs. */
  readonly open: readonly string[];
};

/** The ledger, in the order of the findings. Throws `PageProblems` with every step that names a finding which there is not. */
export function readLedger(): readonly LedgerEntry[] {
  const findings = readFindings();
  const { evidence, problems } = gatherEvidence(findings);
  if (problems.length > 0) throw new PageProblems(problems);
  return findings.map((finding) => {
    const own = evidence.get(finding.id) ?? [];
    const shown = shownOn(finding, own);
    return {
      finding,
      status: statusOf(finding, own),
      evidence: own,
      open: finding.needs.filter((system) => !shown.includes(system)),
    };
  });
}
