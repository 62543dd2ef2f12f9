import { renderDiff } from './diff-text.ts';
import { endOf, isOneOfSeveral, isUnexplained, nameOf, placeOf, type RunReport } from './report.ts';
import { visible } from './visible.ts';

/** Workflow commands of GitHub Actions: an annotation at each step that did not pass. */
export function githubReport(runs: readonly RunReport[]): string {
  return runs
    .flatMap((run) => {
      // Of a step that ran in several places, which one of them it is about.
      const where = isOneOfSeveral(run, runs) ? ` on ${placeOf(run)}` : '';
      const steps = run.outcomes
        .filter(({ verdict }) => verdict !== 'passed')
        .map(({ verdict, file, line, step, reason, diff }) => {
          const text = [reason ?? verdict, ...(diff ? renderDiff(diff, { color: false }) : [])].join('\n');
          return annotation(verdict === 'skipped' ? 'notice' : 'error', file, line, `${step}${where} ${verdict}`, text);
        });
      const end = annotation('error', run.file, 1, `${nameOf(run, runs)} ${run.verdict}`, endOf(run));
      return isUnexplained(run) ? [...steps, end] : steps;
    })
    .join('');
}

function annotation(level: 'notice' | 'error', file: string, line: number, title: string, text: string): string {
  const properties = Object.entries({ file, line: String(line), title }).map(
    ([key, value]) => `${key}=${escapeData(value).replaceAll(':', '%3A').replaceAll(',', '%2C')}`,
  );
  return `::${level} ${properties.join(',')}::${escapeData(text)}\n`;
}

function escapeData(text: string): string {
  return visible(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
