import { renderDiff } from './diff-text.ts';
import type { RunReport } from './report.ts';
import { visible } from './visible.ts';

/** Workflow commands of GitHub Actions: an annotation at each step that did not pass. */
export function githubReport(runs: readonly RunReport[]): string {
  const annotations = runs.flatMap((run) =>
    run.outcomes
      .filter(({ verdict }) => verdict !== 'passed')
      .map(({ verdict, file, line, step, reason, diff }) => {
        const level = verdict === 'skipped' ? 'notice' : 'error';
        const properties = Object.entries({ file, line: String(line), title: `${step} ${verdict}` }).map(
          ([key, value]) => `${key}=${escapeData(value).replaceAll(':', '%3A').replaceAll(',', '%2C')}`,
        );
        const text = [reason ?? verdict, ...(diff ? renderDiff(diff, { color: false }) : [])].join('\n');
        return `::${level} ${properties.join(',')}::${escapeData(text)}\n`;
      }),
  );
  return annotations.join('');
}

function escapeData(text: string): string {
  return visible(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
