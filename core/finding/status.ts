import type { Evidence, Finding, FindingStatus } from './model.ts';

/** Computes how a finding stands from what was recorded. Nothing but steps that passed as they are now count for it. */
export function statusOf(finding: Finding, all: readonly Evidence[]): FindingStatus {
  const evidence = all.filter(({ result }) => result !== 'elsewhere');
  const ran = evidence.filter(({ result }) => result !== 'missing' && result !== 'skipped');
  if (ran.length === 0) return 'reported';
  // One step that contradicts outweighs many that agree; one that was not run, or was edited, leaves the matter open.
  if (evidence.some(({ result }) => result !== 'passed')) return 'not-confirmed';
  if (!ran.some(({ kind }) => kind === 'shows')) return 'changed';
  if (shownOn(finding, ran).length < finding.needs.length) return 'partly';
  return ran.some(({ kind }) => kind === 'changed') ? 'changed' : 'reproduced';
}

/** Which of the systems that a finding needs have steps that passed. */
export function shownOn({ needs }: Finding, evidence: readonly Evidence[]): readonly string[] {
  return needs.filter((system) =>
    evidence.some((one) => one.kind === 'shows' && one.system === system && one.result === 'passed'),
  );
}
