import type { ClientMessage } from '../../core/protocol/client-message.ts';
import type { Runbook, Step } from '../../core/runbook/model.ts';
import { abbreviated, hashOf } from '../../core/runbook/step-hash.ts';
import { chosenSteps } from '../runbooks/planned-run.ts';
import { readPage } from '../runbooks/read-page.ts';
import { Refusal } from './refusal.ts';

type RunMessage = Extract<ClientMessage, { kind: 'run' }>;

/** What a page asked to run, as the file on disk has it. */
export type RunRequest = {
  readonly runbook: Runbook;
  readonly steps: readonly Step[];
  /** The choice as `--from` and `--only` name it. */
  readonly choice: { readonly from: string | undefined; readonly only: string | undefined };
};

/** Reads the runbook from disk and compares it with what the page shows; throws a `Refusal` unless all of it is the same. */
export function checkRequest(root: string, { runbook: id, mode, steps: shown }: RunMessage): RunRequest {
  const runbook = pageOf(root, id);
  const first = shown[0]?.id ?? '';
  const known = new Map(runbook.steps.map((step) => [step.id, abbreviated(hashOf(step))]));
  for (const { id: step, hash } of shown) {
    const now = known.get(step);
    if (now === undefined) throw stale(`${runbook.file} has no step ${step} (any more)`);
    if (now !== hash) throw stale(`step ${step} of ${runbook.file} was edited since this page was built`);
  }
  const choice = { from: mode === 'from' ? first : undefined, only: mode === 'step' ? first : undefined };
  const steps = chosenSteps(runbook, choice);
  const same = steps.length === shown.length && steps.every((step, index) => step.id === shown[index]?.id);
  if (!same) throw stale(`the steps of ${runbook.file} are others than this page shows, or in another order`);
  return { runbook, steps, choice };
}

/** The runbook of a page of the book. */
export function pageOf(root: string, id: string): Runbook {
  const runbook = readPage(root, id);
  if (runbook === undefined) throw new Refusal(`there is no page ${id} in the book`, 'reload the page');
  if (runbook.steps.length === 0) throw new Refusal(`${runbook.file} has no steps`, 'reload the page');
  return runbook;
}

function stale(what: string): Refusal {
  return new Refusal(`${what}; nothing was run`, 'reload the page', true);
}
