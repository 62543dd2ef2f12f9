import { renderDiff } from './diff-text.ts';
import { nameOf, type RunReport } from './report.ts';
import { visible } from './visible.ts';

/**
 * TAP 13: a test point for each runbook, and before it one for each step, indented as TAP 14 has subtests, which older
 * readers pass over. Diagnoses are YAML without block scalars: perl's reader (Test::Harness 3.44) knows neither them nor 14.
 */
export function tapReport(runs: readonly RunReport[]): string {
  const lines = runs.flatMap((run, index) => {
    const points = run.outcomes.flatMap((outcome, number) => point(outcome, number + 1));
    const ok = run.verdict === 'passed' ? 'ok' : 'not ok';
    return [
      `# Subtest: ${escapeTap(nameOf(run, runs))}`,
      ...[`1..${run.outcomes.length}`, ...points].map((line) => `    ${line}`),
      `${ok} ${index + 1} - ${escapeTap(nameOf(run, runs))}`,
    ];
  });
  return ['TAP version 13', `1..${runs.length}`, ...lines, ''].join('\n');
}

function point(outcome: RunReport['outcomes'][number], number: number): readonly string[] {
  const { verdict, step, reason, file, line, host, diff } = outcome;
  // TAP has no other word for a step that was not run; the run itself is not ok then.
  const ok = verdict === 'passed' || verdict === 'skipped' ? 'ok' : 'not ok';
  const directive = verdict === 'skipped' ? ` # SKIP ${escapeTap(reason ?? '')}` : '';
  const first = `${ok} ${number} - ${escapeTap(step)}${directive}`;
  if (ok === 'ok') return [first];
  const diagnosis = {
    verdict,
    message: visible(reason ?? ''),
    at: visible(`${file}:${line}`),
    host: visible(host),
    command: visible(outcome.command),
    ...(diff && { diff: renderDiff(diff, { color: false }).join('\n') }),
    output: visible(outcome.output),
  };
  // Each in one line, which JSON writes as YAML reads it.
  const details = Object.entries(diagnosis).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`);
  return [first, '  ---', ...details, '  ...'];
}

function escapeTap(text: string): string {
  return visible(text).replaceAll('\n', ' ').replace(/[\\#]/g, '\\$&');
}
