import { nearest } from '../../core/nearest.ts';
import { formatProblem, type Problem } from '../../core/problem.ts';
import { fileOf, type Place, type Runbook } from '../../core/runbook/model.ts';
import type { Lab } from '../labs/lab.ts';
import { readLabFile } from '../labs/lab-file.ts';
import { listLabs, loadLab } from '../labs/load.ts';
import { UsageError } from './errors.ts';
import { hostOf, type PlannedRun } from './planned-run.ts';

/** The part of a planned run that names labs, checkpoints and hosts. */
type Named = Omit<PlannedRun, 'earlier'>;

/**
 * Refuses, before anything is done, runbooks that name labs, checkpoints or hosts which are not there: all of them at
 * once, with their places. Throws a `UsageError`, or a `LabFileError` for a lab file with mistakes.
 */
export function refuseUnknown(root: string, runs: readonly Named[]): void {
  const known = listLabs(root);
  const checks = new Map<string, (planned: Named) => readonly Problem[]>();
  const problems = runs.flatMap((planned): readonly Problem[] => {
    const labs = unknownLabs(planned, known);
    if (labs.length > 0) return labs;
    const check = checks.get(planned.lab) ?? checkOn(root, planned.lab);
    checks.set(planned.lab, check);
    return check(planned);
  });
  const told = [...new Set(problems.map(formatProblem))];
  if (told.length > 0) throw new UsageError(`${told.join('\n')}\nnothing was run`);
}

/** Finds, of the checkpoints and hosts that runbooks name, those which a lab does not have. */
function checkOn(root: string, name: string): (planned: Named) => readonly Problem[] {
  const lab = loadLab(name, { root });
  // Servers have no checkpoints at all, and say themselves how they are brought to one.
  if (readLabFile(root, name).driver === 'servers') return (planned) => unknownHosts(planned, lab);
  return (planned) => [...unknownCheckpoint(planned, lab), ...unknownHosts(planned, lab)];
}

/** Refuses the lab of `--lab` when there is none of that name. */
export function refuseUnknownLab(root: string, lab: string): void {
  const known = listLabs(root);
  if (!known.includes(lab))
    throw new UsageError(`--lab: there is no lab ${lab}\n    hint: ${choose(lab, known, 'labs')}`);
}

/** Refuses a checkpoint of the command line when the lab has none of that name. */
export function refuseUnknownCheckpoint({ name, checkpoints }: Lab, checkpoint: string): void {
  if (!checkpoints.includes(checkpoint))
    throw new UsageError(
      `the lab ${name} has no checkpoint ${checkpoint}\n    hint: ${choose(checkpoint, checkpoints, 'checkpoints')}`,
    );
}

/** A lab that lies elsewhere may be named beside the one on which the page runs; a misspelt one may not. */
function unknownLabs(
  { runbook, lab }: Pick<PlannedRun, 'runbook' | 'lab'>,
  known: readonly string[],
): readonly Problem[] {
  const { labs, places } = runbook;
  const named = labs.flatMap((name, index) =>
    known.includes(name) || (name !== lab && nearest(name, known) === undefined)
      ? []
      : [problemAt(runbook, places.labs[index], `there is no lab ${name}`, choose(name, known, 'labs'))],
  );
  if (named.length > 0 || known.includes(lab)) return named;
  return [
    problemAt(runbook, undefined, `the page names no lab, and there is no lab ${lab}`, choose(lab, known, 'labs')),
  ];
}

/** Only who begins anew is put back to a checkpoint. */
function unknownCheckpoint({ runbook, start }: Pick<PlannedRun, 'runbook' | 'start'>, lab: Lab): readonly Problem[] {
  const { checkpoint, places } = runbook;
  if (checkpoint === undefined || start !== 'anew' || lab.checkpoints.includes(checkpoint)) return [];
  const none = 'leave `checkpoint` out, or begin with `--from` and the first step that is to run on the lab as it is';
  const hint = lab.checkpoints.length === 0 ? none : choose(checkpoint, lab.checkpoints, 'checkpoints');
  return [problemAt(runbook, places.checkpoint, `the lab ${lab.name} has no checkpoint ${checkpoint}`, hint)];
}

function unknownHosts({ runbook, steps }: Pick<PlannedRun, 'runbook' | 'steps'>, lab: Lab): readonly Problem[] {
  return steps.flatMap((step): readonly Problem[] => {
    const host = hostOf(step, runbook, lab);
    if (lab.hosts.includes(host)) return [];
    const own = host !== runbook.host;
    return [
      {
        ...problemAt(
          runbook,
          own ? { line: step.line, column: 1 } : runbook.places.host,
          `${own ? `step ${step.id} runs on ${host}` : `the page runs on ${host}`}, which the lab ${lab.name} does not have`,
          choose(host, lab.hosts, 'hosts'),
        ),
        file: own ? fileOf(runbook, step) : runbook.file,
      },
    ];
  });
}

function problemAt({ file }: Runbook, place: Place | undefined, what: string, hint: string): Problem {
  const { line, column } = place ?? { line: 1, column: 1 };
  return { file, line, column, what, hint };
}

function choose(name: string, known: readonly string[], noun: string): string {
  const near = nearest(name, known);
  if (near !== undefined) return `did you mean \`${near}\`?`;
  return known.length === 0 ? `there are no ${noun} here` : `the ${noun} are ${known.join(', ')}`;
}
