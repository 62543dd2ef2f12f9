import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isElsewhere } from '../../core/run/state.ts';
import { BatchFolder, removedMark } from './batch.ts';

/** Kept in any case: so many of the newest batches of runs, and those that are younger than so many days. */
export const keptRuns = { count: 100, days: 30 } as const;

/**
 * The batches that nobody needs any more, oldest first: beyond the newest `count`, and older than `days`. Never among them
 * is what somebody may go on with or take: the newest batch; of each runbook on each lab, with what was chosen of it, the
 * newest run, the newest whole one that ended, and the newest whole one that passed; and what a living runner works on.
 * Throws a `DamagedRecord`.
 */
export function prunable(
  runs: string,
  now: Date,
  { count, days }: { readonly count: number; readonly days: number } = keptRuns,
): readonly BatchFolder[] {
  const taken = new Set<string>();
  const old: BatchFolder[] = [];
  let index = 0;
  for (const folder of BatchFolder.all(runs)) {
    const { roles, ended } = lookAt(folder);
    const isNeeded = roles.some((role) => !taken.has(role)) || (!ended && isRunnerAlive(folder));
    for (const role of roles) taken.add(role);
    const age = now.getTime() - Date.parse(folder.batch.date);
    if (index > 0 && index >= count && age >= days * 86_400_000 && !isNeeded) old.unshift(folder);
    index++;
  }
  return old;
}

/** Removes a batch; who looks meanwhile sees all of it or nothing. */
export function removeBatch({ path, name }: BatchFolder): void {
  const aside = join(dirname(path), `${removedMark}${name}`);
  renameSync(path, aside);
  rmSync(aside, { recursive: true, force: true });
}

/** Removes the folders that a killed `removeBatch` left. */
export function removeLeftovers(runs: string): void {
  const left = existsSync(runs) ? readdirSync(runs).filter((name) => name.startsWith(removedMark)) : [];
  for (const name of left) rmSync(join(runs, name), { recursive: true, force: true });
}

/** Of what a batch may be the newest, and whether all its runs have ended. */
function lookAt(folder: BatchFolder): { readonly roles: readonly string[]; readonly ended: boolean } {
  const { runbooks, purpose, from, only } = folder.batch;
  const isWhole = purpose !== 'accept' && (from ?? only) === undefined;
  const roles: string[] = [];
  let ended = true;
  for (const { id, lab } of runbooks) {
    const state = folder.outline(id);
    ended &&= state?.verdict !== undefined;
    if (state === undefined) continue;
    const place = JSON.stringify([id, lab, Object.entries(state.chosen ?? {}).sort()]);
    roles.push(`run ${place}`);
    if (isWhole && (state.verdict !== undefined || isElsewhere(state))) roles.push(`ended ${place}`);
    if (isWhole && state.verdict === 'passed') roles.push(`passed ${place}`);
  }
  return { roles, ended };
}

/** A batch's name has the pid of the runner that made it. */
function isRunnerAlive({ name }: BatchFolder): boolean {
  const pid = /Z-(\d+)/.exec(name)?.[1];
  if (pid === undefined) return false;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
