import type { Outcome } from '../../core/run/model.ts';
import type { Execution } from './executor.ts';

/** The outcome with what the lab's database servers were after the step, or with why nobody knows; the verdict stays. */
export async function observed(outcome: Outcome, { observe, signal }: Execution): Promise<Outcome> {
  if (signal.aborted) return outcome;
  if (!observe) return { ...outcome, topologyProblem: 'no host of the lab has a `database`' };
  try {
    return { ...outcome, topology: await observe(signal) };
  } catch (error) {
    return { ...outcome, topologyProblem: error instanceof Error ? error.message : String(error) };
  }
}
