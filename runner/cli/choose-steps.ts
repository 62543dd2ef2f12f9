import type { Runbook, Step } from '../../core/runbook/model.ts';
import { UsageError } from './exit-code.ts';

/** Which steps of the runbooks a call is about. */
export type StepChoice = { readonly from: string | undefined; readonly only: string | undefined };

/** The steps to run: all, those from one on, or just one. The choice needs a single runbook, or the id `runbook#step`. */
export function chooseSteps(
  runbooks: readonly Runbook[],
  choice: StepChoice,
): readonly { runbook: Runbook; steps: readonly Step[] }[] {
  const wanted = choice.from ?? choice.only;
  if (wanted === undefined) return runbooks.map((runbook) => ({ runbook, steps: runbook.steps }));
  if (choice.from !== undefined && choice.only !== undefined)
    throw new UsageError('--from and --only exclude each other');
  const option = choice.from === undefined ? '--only' : '--from';
  const owners = runbooks.filter((runbook) => runbook.steps.some((step) => step.id === wanted));
  const [runbook, second] = owners;
  if (!runbook) {
    const steps =
      runbooks.length === 1 ? `; its steps are ${runbooks[0]?.steps.map((step) => step.id).join(', ')}` : '';
    throw new UsageError(`${option} ${wanted}: no such step${steps}`);
  }
  if (second) {
    throw new UsageError(
      `${option} ${wanted}: ${owners.map((owner) => owner.id).join(' and ')} have a step of that name; name the runbook too`,
    );
  }
  const index = runbook.steps.findIndex((step) => step.id === wanted);
  if (choice.only !== undefined) return [{ runbook, steps: runbook.steps.slice(index, index + 1) }];
  // The runbooks that come later on the page's list follow whole.
  const rest = runbooks.slice(runbooks.indexOf(runbook) + 1).map((later) => ({ runbook: later, steps: later.steps }));
  return [{ runbook, steps: runbook.steps.slice(index) }, ...rest];
}
