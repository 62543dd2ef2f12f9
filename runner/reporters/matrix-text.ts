import pc from 'picocolors';
import type { RunReport } from './report.ts';

/** Runs of the same runbooks on several labs as one table: a row for each runbook, a column for each lab. */
export function renderMatrix(runs: readonly RunReport[], { color }: { readonly color: boolean }): string[] {
  const paint = pc.createColors(color);
  const labs = [...new Set(runs.map(({ lab }) => lab))];
  const heads = [
    '',
    ...labs.map((lab) => [lab, versionOn(runs.find((run) => run.lab === lab))].filter(Boolean).join(' ')),
  ];
  const rows = [...new Set(runs.map(({ runbook }) => runbook))].map((runbook) => [
    runbook,
    ...labs.map((lab) => cell(runs.find((run) => run.runbook === runbook && run.lab === lab))),
  ]);
  const widths = heads.map((_, column) => Math.max(...[heads, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string[] => row.map((text, column) => text.padEnd(widths[column] ?? 0));
  const painted = ([name = '', ...cells]: readonly string[]): string[] => [
    name,
    ...cells.map((text) => (/^(passed|–)/.test(text) ? text : paint.red(text))),
  ];
  return ['', line(heads).join('  ').trimEnd(), ...rows.map((row) => painted(line(row)).join('  ').trimEnd())];
}

function versionOn(run: RunReport | undefined): string {
  const known = Object.values(run?.facts ?? {}).find(({ pg_version: version }) => version !== undefined);
  return known?.pg_version === undefined ? '' : `(PostgreSQL ${known.pg_version})`;
}

/** How many of a run's steps passed; those that are not for the lab are left out. */
function cell(run: RunReport | undefined): string {
  if (run === undefined) return '–';
  const meant = run.outcomes.filter(({ elsewhere }) => !elsewhere);
  if (meant.length === 0 && run.verdict === 'skipped') return '– no step for it';
  const passed = meant.filter(({ verdict }) => verdict === 'passed').length;
  return run.verdict === 'passed' ? `passed ${passed}` : `${run.verdict} ${passed} of ${meant.length}`;
}
