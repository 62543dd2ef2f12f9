import type { Outcome, Verdict } from '../../core/run/model.ts';
import type { Step } from '../../core/runbook/model.ts';

/** The outcome of a step that was not executed. */
export function plainOutcome(
  step: Step,
  execution: { readonly defaultHost: string },
  verdict: Verdict,
  reason: string,
): Outcome {
  return {
    step: step.id,
    host: step.host ?? execution.defaultHost,
    command: step.commands[0]?.value.text ?? '',
    verdict,
    reason,
    end: undefined,
    diff: undefined,
    output: '',
    outputLines: 0,
    captures: {},
    durationMs: 0,
    attempts: 0,
    hints: [],
  };
}
