import pc from 'picocolors';
import type { Verdict } from '../../core/run/model.ts';
import { placeOf, postgresIn, type RunReport } from './report.ts';

/** The end of a call: a line for each runbook, and one for all. */
export function renderSummary(
  runs: readonly RunReport[],
  verdict: Verdict,
  { color }: { readonly color: boolean },
): string[] {
  const paint = pc.createColors(color);
  const width = Math.max(0, ...runs.map(({ runbook }) => runbook.length));
  const lines = runs.map((run) => {
    const version = postgresIn(run);
    const on = version === undefined ? placeOf(run) : `${run.lab}, PostgreSQL ${version}`;
    return `${paintVerdict(run.verdict, paint)}  ${run.runbook.padEnd(width)}  ${counts([run])}  ${formatMs(run.durationMs)}  ${paint.dim(`(${on})`)}`;
  });
  const total = runs.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const what = runs.length === 1 ? '1 runbook' : `${runs.length} runbooks`;
  return ['', ...lines, '', `${paintVerdict(verdict, paint)}  ${what}, ${counts(runs)} in ${formatMs(total)}`];
}

/** A verdict in its colour, padded to the longest one. */
export function paintVerdict(verdict: Verdict, paint: ReturnType<typeof pc.createColors>): string {
  const padded = verdict.padEnd(9);
  if (verdict === 'passed') return paint.green(padded);
  return verdict === 'skipped' ? paint.yellow(padded) : paint.red(padded);
}

/** Milliseconds as people read them. */
export function formatMs(ms: number): string {
  if (Math.round(ms) < 1000) return `${Math.round(ms)} ms`;
  const tenths = Math.round(ms / 100);
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function counts(runs: readonly RunReport[]): string {
  const all = runs.flatMap(({ outcomes }) => outcomes.map(({ verdict }) => verdict));
  const verdicts: readonly Verdict[] = ['passed', 'failed', 'timed-out', 'errored', 'skipped'];
  const parts = verdicts
    .map((verdict) => ({ verdict, count: all.filter((one) => one === verdict).length }))
    .filter(({ count }) => count > 0);
  return parts.map(({ verdict, count }) => `${count} ${verdict}`).join(', ') || 'nothing run';
}
