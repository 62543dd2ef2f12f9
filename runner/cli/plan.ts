import { resolve } from 'node:path';
import { tellFacts, tellPlace } from '../../core/runbook/facts.ts';
import type { Facts, Runbook } from '../../core/runbook/model.ts';
import { defaultLab } from '../labs/load.ts';
import { type Batch, BatchFolder, newestRun } from '../recorder/batch.ts';
import { type PlannedRun, refuseChanged } from '../runbooks/planned-run.ts';
import { readRunbooks } from '../runbooks/read-runbooks.ts';
import { refuseUnknownLab } from '../runbooks/refuse-unknown.ts';
import { parseVariables } from '../runbooks/values.ts';
import { chooseSteps, type StepChoice } from './choose-steps.ts';
import { UsageError } from './exit-code.ts';

/** What one call of `verify` is going to do. */
export type Plan = {
  /** The run logs' folder; a new call's is made when first asked for, so that a refused call hides no killed run from `--resume`. */
  readonly folder: () => BatchFolder;
  readonly runs: readonly PlannedRun[];
  /** Pages of named folders that are not written for the lab. */
  readonly leftOut: readonly Runbook[];
  readonly variables: Readonly<Record<string, string>>;
  /** What a lab is asked to be of what it offers. */
  readonly factsFor: (lab: string) => Facts;
};

/** The options that shape a plan. */
export type PlanOptions = StepChoice & {
  readonly lab: string | undefined;
  readonly variables: readonly string[];
  readonly facts: Facts;
  readonly resume: boolean;
  readonly purpose?: Batch['purpose'];
};

/** Makes the plan of a new call, or takes up the newest one that a killed runner left unfinished. */
export function makePlan(root: string, runs: string, names: readonly string[], options: PlanOptions, now: Date): Plan {
  if (options.lab !== undefined) refuseUnknownLab(root, options.lab);
  return options.resume ? resumePlan(root, runs, names, options) : newPlan(root, runs, names, options, now);
}

function newPlan(root: string, runs: string, names: readonly string[], options: PlanOptions, now: Date): Plan {
  const { runbooks, leftOut } = writtenFor(options.lab, readRunbooks(root, names), names);
  const variables = parseVariables(options.variables, runbooks);
  const chosen = chooseSteps(runbooks, options);
  const partial = options.from ?? options.only;
  const planned = chosen.map(({ runbook, steps }): PlannedRun => {
    const lab = options.lab ?? runbook.labs[0] ?? defaultLab;
    const asIs = partial !== undefined && steps[0]?.id === partial;
    return {
      runbook,
      steps,
      lab,
      start: asIs ? 'as-is' : 'anew',
      earlier: asIs ? newestRun(runs, runbook.id, lab) : undefined,
    };
  });
  const secrets = new Set(runbooks.flatMap((runbook) => runbook.secrets));
  const batch: Batch = {
    version: 1,
    date: now.toISOString(),
    from: options.from,
    only: options.only,
    ...(Object.keys(options.facts).length > 0 && { facts: options.facts }),
    purpose: options.purpose,
    runbooks: planned.map(({ runbook, lab }) => ({ id: runbook.id, file: runbook.file, lab })),
    variables: Object.fromEntries(Object.entries(variables).filter(([name]) => !secrets.has(name))),
  };
  const name = `${now.toISOString().replace(/[-:]/g, '')}-${process.pid}`;
  let folder: BatchFolder | undefined;
  return {
    folder: () => (folder ??= BatchFolder.create(runs, name, batch)),
    runs: planned,
    leftOut,
    variables,
    factsFor: () => options.facts,
  };
}

function resumePlan(root: string, runs: string, names: readonly string[], options: PlanOptions): Plan {
  if (options.from !== undefined || options.only !== undefined) {
    throw new UsageError('--resume goes on where the run was killed; it does not go with --from or --only');
  }
  const folder = newestBegun(runs);
  if (!folder) throw new UsageError('--resume: there is no earlier run here');
  const { batch } = folder;
  refuseOthersWork(batch, options);
  const runbooks = readRunbooks(
    root,
    batch.runbooks.map(({ file }) => file),
  );
  if (names.length > 0) {
    const asked = new Set(readRunbooks(root, names).map(({ id }) => id));
    const strange = [...asked].find((id) => !batch.runbooks.some((entry) => entry.id === id));
    if (strange !== undefined)
      throw new UsageError(
        `--resume: the newest run (of ${batch.date}) was not about ${strange}; start it without --resume`,
      );
  }
  const planned = chooseSteps(runbooks, { from: batch.from, only: batch.only }).map(
    ({ runbook, steps }): PlannedRun => {
      const lab = batch.runbooks.find(({ id }) => id === runbook.id)?.lab ?? defaultLab;
      if (options.lab !== undefined && options.lab !== lab)
        throw new UsageError(`--resume: that run was on the lab ${lab}, not ${options.lab}`);
      const earlier = folder.state(runbook.id);
      if (!earlier) return { runbook, steps, lab, start: 'anew', earlier: undefined };
      refuseChanged(runbook, earlier);
      return { runbook, steps, lab, start: earlier.verdict === undefined ? 'resume' : 'done', earlier };
    },
  );
  // What was not asked for was as its lab was found; the rest of the call has to be the same.
  const factsFor = (lab: string): Facts => ({
    ...batch.facts,
    ...planned.find((run) => run.lab === lab && run.earlier?.chosen)?.earlier?.chosen,
  });
  for (const { lab } of planned) {
    const known = factsFor(lab);
    // What that run did not choose is not what is asked for now either.
    const strange = tellFacts(
      Object.fromEntries(Object.entries(options.facts).filter(([name, value]) => known[name] !== value)),
    );
    if (strange !== '')
      throw new UsageError(
        `--resume: that run was with ${tellFacts(known) || 'no fact'} on the lab ${lab}, not ${strange}`,
      );
  }
  if (planned.every(({ start }) => start === 'done')) {
    const failed = planned
      .flatMap(({ earlier }) => earlier?.steps ?? [])
      .find((step) => step.outcome && !['passed', 'skipped'].includes(step.outcome.verdict));
    const advice = failed ? `; step ${failed.id} did not pass: mend the cause and go on with --from ${failed.id}` : '';
    throw new UsageError(`--resume: the newest run (of ${batch.date}) came to its end${advice}`);
  }
  return {
    folder: () => folder,
    runs: planned,
    leftOut: [],
    factsFor,
    variables: { ...batch.variables, ...parseVariables(options.variables, runbooks) },
  };
}

/** Refuses to go on with what is only a part of something else: what passed then would not be what was begun. */
function refuseOthersWork({ purpose, date, runbooks, facts = {} }: Batch, { lab }: PlanOptions): void {
  if (purpose === 'accept')
    throw new UsageError(
      `--resume: the newest run (of ${date}) was one of \`accept\`, which proposes and does not judge\n    hint: run accept again, or verify without --resume`,
    );
  const place = runbooks[0]?.lab ?? defaultLab;
  if (purpose !== 'matrix' || lab !== undefined) return;
  const options = Object.entries(facts).map(([name, value]) => ` --fact ${name}=${value}`);
  throw new UsageError(
    `--resume: the newest run (of ${date}) was one column of a matrix, on ${tellPlace(place, facts)}; its others would be left out\n    hint: \`--resume --lab ${place}${options.join('')}\` goes on with this one alone; \`--matrix\` without --resume starts over`,
  );
}

/** Of a folder's pages those that name the lab, if any does; a page that is named itself stays, and a lab that no page names takes all. */
function writtenFor(
  lab: string | undefined,
  runbooks: readonly Runbook[],
  names: readonly string[],
): { readonly runbooks: readonly Runbook[]; readonly leftOut: readonly Runbook[] } {
  if (lab === undefined || !runbooks.some(({ labs }) => labs.includes(lab))) return { runbooks, leftOut: [] };
  const isFor = ({ labs, id, file }: Runbook): boolean =>
    labs.length === 0 || labs.includes(lab) || names.some((name) => name === id || resolve(name) === resolve(file));
  return { runbooks: runbooks.filter(isFor), leftOut: runbooks.filter((runbook) => !isFor(runbook)) };
}

/** The newest batch that ran anything; one that was refused before has nothing to resume. */
function newestBegun(runs: string): BatchFolder | undefined {
  for (const folder of BatchFolder.all(runs)) {
    if (folder.batch.runbooks.some(({ id }) => folder.state(id) !== undefined)) return folder;
  }
  return undefined;
}
