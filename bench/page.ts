import { extractRunbook } from '../core/runbook/extract.ts';
import type { Runbook } from '../core/runbook/model.ts';

/** A page's text as a runbook. */
export function readPage(source: string): Runbook {
  const { runbook, problems } = extractRunbook(source, { file: 'bench.mdx', id: 'bench' });
  if (problems.length > 0) throw new Error(problems.map(({ what }) => what).join('\n'));
  return runbook;
}
