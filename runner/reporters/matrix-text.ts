import pc from 'picocolors';
import { endOf, isUnexplained, placeOf, postgresIn, type RunReport } from './report.ts';

/**
 * Runs of the same runbooks in several places as one table, a row for each runbook, a column for each place, and below
 * it why some did not pass.
 */
export function renderMatrix(runs: readonly RunReport[], { color }: { readonly color: boolean }): string[] {
  const paint = pc.createColors(color);
  const places = [...new Set(runs.map(placeOf))];
  const at = (place: string): readonly RunReport[] => runs.filter((run) => placeOf(run) === place);
  const heads = ['', ...places.map((place) => [place, versionIn(at(place))].filter(Boolean).join(' '))];
  const rows = [...new Set(runs.map(({ runbook }) => runbook))].map((runbook) => [
    runbook,
    ...places.map((place) => cell(at(place).find((run) => run.runbook === runbook))),
  ]);
  const widths = heads.map((_, column) => Math.max(...[heads, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string[] => row.map((text, column) => text.padEnd(widths[column] ?? 0));
  const painted = ([name = '', ...cells]: readonly string[]): string[] => [
    name,
    ...cells.map((text) => (/^(passed|–)/.test(text) ? text : paint.red(text))),
  ];
  const failures = runs.flatMap(whyNot);
  return [
    '',
    line(heads).join('  ').trimEnd(),
    ...rows.map((row) => painted(line(row)).join('  ').trimEnd()),
    ...(failures.length > 0 ? ['', ...failures] : []),
  ];
}

function versionIn(runs: readonly RunReport[]): string {
  const version = runs.map(postgresIn).find((known) => known !== undefined);
  return version === undefined ? '' : `(PostgreSQL ${version})`;
}

/** How many of a run's steps passed; those that are not for the lab are left out. */
function cell(run: RunReport | undefined): string {
  if (run === undefined) return '–';
  const meant = run.outcomes.filter(({ elsewhere }) => !elsewhere);
  if (meant.length === 0 && run.verdict === 'skipped') return '– no step for it';
  const passed = meant.filter(({ verdict }) => verdict === 'passed').length;
  if (meant.length === 0) return run.verdict;
  return run.verdict === 'passed' ? `passed ${passed}` : `${run.verdict} ${passed} of ${meant.length}`;
}

/** A line for each step that did not pass, but for those that were skipped because of it. */
function whyNot(run: RunReport): readonly string[] {
  const where = `${run.runbook} on ${placeOf(run)}`;
  if (isUnexplained(run)) return [`${where}: ${endOf(run)}`];
  return run.outcomes
    .filter(({ verdict }) => verdict !== 'passed' && verdict !== 'skipped')
    .map(({ step, verdict, reason }) => `${where}: step ${step} ${verdict}${reason ? `: ${reason}` : ''}`);
}
