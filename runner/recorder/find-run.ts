import { valueNamed } from '../../core/by-name.ts';
import type { RunEvent, Verdict } from '../../core/run/model.ts';
import { isElsewhere } from '../../core/run/state.ts';
import { tellFacts, tellPlace } from '../../core/runbook/facts.ts';
import type { Facts } from '../../core/runbook/model.ts';
import { BatchFolder } from './batch.ts';
import { runEvents } from './run-log.ts';

/** A run log, or why there is none that can be taken. */
export type FoundRun =
  | { readonly kind: 'found'; readonly events: Iterable<RunEvent> }
  | { readonly kind: 'none'; readonly why: string };

/** The newest run of a runbook on a lab, with what was chosen of it (`facts`), that was a whole one and was judged. */
export function newestWholeRun(runs: string, runbook: string, lab: string, facts: Facts): FoundRun {
  for (const folder of BatchFolder.all(runs)) {
    const found = wholeRun(folder, runbook, lab, facts);
    if (found.kind === 'found') return found;
  }
  return { kind: 'none', why: `there is no run of it on ${tellPlace(lab, facts)} that came to its end` };
}

/** A runbook's run in the batch of this name; the name may be cut short where that is clear. */
export function runOfBatch(runs: string, name: string, runbook: string, lab: string, facts: Facts): FoundRun {
  const [folder, second] = [...BatchFolder.all(runs)].filter((each) => each.name.startsWith(name));
  if (!folder) return { kind: 'none', why: `there is no batch of runs ${name}` };
  if (second) return { kind: 'none', why: `several batches of runs begin with ${name}` };
  return wholeRun(folder, runbook, lab, facts);
}

const judged: ReadonlySet<Verdict | undefined> = new Set<Verdict>(['passed', 'failed', 'timed-out']);

function wholeRun(folder: BatchFolder, runbook: string, lab: string, facts: Facts): FoundRun {
  const { from, only, runbooks, purpose } = folder.batch;
  if (purpose === 'accept')
    return { kind: 'none', why: `${folder.name} is of \`accept\`, which takes for passed what it only proposes` };
  const state = folder.outline(runbook);
  if (!state || state.lab !== lab) return { kind: 'none', why: `${folder.name} has no run of it on ${lab}` };
  const { chosen = {} } = state;
  // Also a run of which nobody chose what the lab offers now: it may have been anything.
  const names = Object.keys({ ...chosen, ...facts });
  if (names.some((name) => valueNamed(chosen, name) !== valueNamed(facts, name)))
    return { kind: 'none', why: `its run in ${folder.name} was with ${tellFacts(chosen) || 'no fact'}` };
  // `--from` and `--only` choose within the first runbook; those after it are run as a whole.
  const partial = (from ?? only) !== undefined && runbooks[0]?.id === runbook;
  if (partial || state.steps.some(({ outcome }) => outcome === undefined))
    return { kind: 'none', why: `in ${folder.name} only a part of it was run` };
  if (!judged.has(state.verdict) && !isElsewhere(state))
    return { kind: 'none', why: `its run in ${folder.name} ${state.verdict ? `is ${state.verdict}` : 'did not end'}` };
  return { kind: 'found', events: runEvents(folder.log(runbook)) };
}
