import type { Lab } from '../labs/lab.ts';
import { differing, everyChoice } from '../labs/lab-facts.ts';
import { defaultLab, loadLab } from '../labs/load.ts';
import { readRunbooks } from '../runbooks/read-runbooks.ts';
import { refuseUnknown } from '../runbooks/refuse-unknown.ts';
import { variablesOf } from '../runbooks/values.ts';
import { UsageError } from './exit-code.ts';
import { makePlan, type Plan, type PlanOptions } from './plan.ts';
import { runsFolder, type Surroundings } from './surroundings.ts';

/** One column of a matrix: what runs on a lab as it can be, which the plan asks for. */
export type Column = { readonly plan: Plan; readonly lab: Lab };

/** Runbooks on every lab that they are written for, in all that it can be. Throws on options that say otherwise. */
export function columnsOf(
  names: readonly string[],
  options: PlanOptions,
  surroundings: Surroundings,
): readonly Column[] {
  const part = options.from ?? options.only;
  if (options.lab !== undefined || Object.keys(options.facts).length > 0 || part !== undefined || options.resume)
    throw new UsageError(
      '--matrix runs whole pages on all their labs; it does not go with --lab, --fact, --from, --only or --resume',
    );
  const { root } = surroundings;
  const runbooks = readRunbooks(root, names).map((runbook) => ({
    runbook,
    file: runbook.file,
    labs: runbook.labs.length > 0 ? runbook.labs : [defaultLab],
  }));
  refuseUnknown(
    root,
    runbooks.flatMap(({ runbook, labs }) =>
      labs.map((lab) => ({ runbook, steps: runbook.steps, lab, start: 'anew' as const })),
    ),
  );
  const labs = [...new Set(runbooks.flatMap((runbook) => runbook.labs))].map((name) => loadLab(name, { root }));
  const began = Date.now();
  return labs
    .flatMap((lab) => everyChoice(lab.offered).map((facts) => ({ lab, facts })))
    .map(({ lab, facts }, index) => {
      const files = runbooks.filter((runbook) => runbook.labs.includes(lab.name)).map(({ file }) => file);
      // Run logs lie in folders that are called after their time: each column has one of its own.
      const now = new Date(began + index);
      const plan = makePlan(
        root,
        runsFolder(surroundings),
        files,
        { ...options, lab: lab.name, facts, purpose: 'matrix' },
        now,
      );
      for (const { runbook } of plan.runs) variablesOf(runbook, plan.variables, process.env);
      return { plan, lab };
    });
}

/** Refuses columns of which some could not be run: a lab that has to become one thing after the other must be down in between. */
export function refuseFixed(columns: readonly Column[], keep: boolean): void {
  for (const lab of new Set(columns.map((column) => column.lab))) {
    const choices = everyChoice(lab.offered);
    if (choices.length > 1 && keep)
      throw new UsageError(`--keep: the lab ${lab.name} comes up anew for each of its facts, so it cannot stay up`);
    const other = lab.instance() !== undefined && choices.some((facts) => differing(lab.chosen(), facts) !== '');
    if (other)
      throw new UsageError(
        `--matrix: the lab ${lab.name} is up, and has to come up anew for each of its facts\n    hint: \`tejun lab down ${lab.name}\` first`,
      );
  }
}
