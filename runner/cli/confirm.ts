import type { Step } from '../../core/runbook/model.ts';
import type { Lab } from '../labs/lab.ts';
import { ask } from './ask.ts';

const notConfirmed = 'was not confirmed; --yes confirms it where there is no terminal';

/** Whether a dangerous step may run, or why not: on a lab made to be thrown away always, elsewhere only when a person says so. */
export async function confirmDanger(
  lab: Lab,
  step: Step,
  host: string,
  command: string,
  { yes, signal }: { yes: boolean; signal: AbortSignal },
): Promise<true | string> {
  if (lab.disposable || yes) return true;
  if (!process.stdin.isTTY) return notConfirmed;
  process.stderr.write(`\n${step.danger}\n  on ${host} of ${lab.name}:\n    ${command.replaceAll('\n', '\n    ')}\n`);
  return (await ask('Run it?', ['yes', 'no'], signal)) === 'yes' || notConfirmed;
}
