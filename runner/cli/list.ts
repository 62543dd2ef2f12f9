import { tellPlace } from '../../core/runbook/facts.ts';
import { fileOf } from '../../core/runbook/model.ts';
import { newestJudged } from '../recorder/batch.ts';
import { readRunbooks } from '../runbooks/read-runbooks.ts';
import { exitCode } from './exit-code.ts';
import { runsFolder, type Surroundings } from './surroundings.ts';

/** Shows runbooks, and with `steps` their steps, with the verdicts of the newest runs; returns the exit code. */
export function list(names: readonly string[], { steps }: { steps: boolean }, surroundings: Surroundings): number {
  const runbooks = readRunbooks(surroundings.root, names);
  const width = Math.max(...runbooks.map(({ id }) => id.length));
  const newest = newestJudged(
    runsFolder(surroundings),
    runbooks.map(({ id }) => id),
  );
  for (const runbook of runbooks) {
    const run = newest.get(runbook.id);
    const last = run
      ? `${run.verdict ?? 'interrupted'} on ${tellPlace(run.lab, run.chosen ?? {})}, ${run.date.slice(0, 16).replace('T', ' ')} UTC`
      : 'never run';
    console.log(`${runbook.id.padEnd(width)}  ${String(runbook.steps.length).padStart(3)} steps  ${last}`);
    if (!steps) continue;
    for (const step of runbook.steps) {
      const verdict = run?.steps.find(({ id }) => id === step.id)?.outcome?.verdict ?? '';
      console.log(`    ${fileOf(runbook, step)}:${step.line}  ${step.id}${verdict && `  ${verdict}`}`);
    }
  }
  return exitCode.passed;
}
