import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createHiding } from '../../core/recording/hide-values.ts';
import { makeRecording } from '../../core/recording/make-recording.ts';
import { stalenessOf } from '../../core/recording/staleness.ts';
import { makeVerification, type Verification } from '../../core/recording/verification.ts';
import type { RunEvent, Verdict } from '../../core/run/model.ts';
import { isElsewhere, type RunState, reduceEvents } from '../../core/run/state.ts';
import { tellPlace } from '../../core/runbook/facts.ts';
import type { Facts, Runbook } from '../../core/runbook/model.ts';
import { hashOf } from '../../core/runbook/step-hash.ts';
import { chooseFacts } from '../labs/lab-facts.ts';
import { loadLab } from '../labs/load.ts';
import { type WrittenRecording, writeRecording, writeVerification } from '../recorder/recording-folder.ts';
import { colors } from './colors.ts';
import { hiddenValues } from './hidden-values.ts';

/** A run that can be published, or why there is none. */
export type Candidate = { readonly runbook: Runbook; readonly lab: string } & (
  | { readonly events: Iterable<RunEvent> }
  | { readonly why: string }
);

/**
 * Writes what is published of a run, or tells why that stays as it is: its recording if the lab was as it is by default,
 * otherwise that its steps were verified with these facts, too. Gives the verdict that the call is to end with for it,
 * if it decides anything.
 */
export async function publishRun(
  candidate: Candidate,
  variables: Readonly<Record<string, string>>,
  alsoFailed: boolean,
  root: string,
): Promise<readonly Verdict[]> {
  const { runbook, lab } = candidate;
  const refuse = (why: string, ...verdict: Verdict[]): readonly Verdict[] => {
    console.log(`${colors.yellow('not recorded')}  ${runbook.id} on ${lab}: ${why}; what was recorded before stays`);
    return verdict;
  };
  if ('why' in candidate) return refuse(candidate.why, 'errored');
  const { events } = candidate;
  const state = reduceEvents(events);
  if (isElsewhere(state)) return refuse('none of its steps is for this lab');
  const { verdict = 'errored', chosen = {} } = state;
  const strange = otherThanDefault(chosen, lab, root);
  const mayFail = alsoFailed && !strange && ['failed', 'timed-out'].includes(verdict);
  if (verdict !== 'passed' && !mayFail) return refuse(whyNot(state, verdict, strange), verdict);
  const hiding = createHiding(hiddenValues({ runbook, lab, events, variables, root }));
  if (strange) {
    const verification = makeVerification(state, hiding);
    const folder = writeVerification(root, verification);
    const told = [describePassed(verification, runbook), `told in ${relative(root, folder)}`].join(', ');
    console.log(`${colors.green('verified')}      ${runbook.id} on ${tellPlace(lab, chosen)}: ${told}`);
    if (!existsSync(join(folder, 'recording.json')))
      console.log(`              pages name it as soon as ${runbook.id} is recorded on ${lab} as that is by default`);
    return [verdict];
  }
  const made = await makeRecording(events, hiding);
  if ('problem' in made) return refuse(made.problem, 'errored');
  const written = writeRecording(root, made);
  console.log(`${colors.green('recorded')}      ${describe(written, runbook, root)}`);
  return [verdict];
}

function whyNot({ steps }: RunState, verdict: Verdict, strange: boolean): string {
  const broken = steps.find(({ outcome }) => outcome?.verdict !== 'passed' && !outcome?.elsewhere);
  const canBeAsked = !strange && verdict !== 'errored' && verdict !== 'skipped';
  return `the run ${verdict} at step ${broken?.id ?? '?'}${canBeAsked ? ' (--failed records it nevertheless)' : ''}`;
}

/** A page shows one recording for each lab, so that is always of the same kind of hosts. */
function otherThanDefault(chosen: Facts, lab: string, root: string): boolean {
  const usual = chooseFacts(lab, loadLab(lab, { root }).offered, {});
  return Object.entries(chosen).some(([name, value]) => usual[name] !== value);
}

/** How many steps passed; those of which the page now has another source are no longer called verified. */
function describePassed({ passed }: Verification, { steps }: Runbook): string {
  const hashes = new Set(steps.map((step) => `${step.id} ${hashOf(step)}`));
  const stale = Object.entries(passed).filter((entry) => !hashes.has(entry.join(' '))).length;
  return `${amount(Object.keys(passed).length, 'step')}${stale > 0 ? `, ${stale} edited since` : ''}`;
}

function describe({ folder, recording, bytes }: WrittenRecording, runbook: Runbook, root: string): string {
  const { counts } = stalenessOf(
    recording,
    runbook.steps.map((step) => ({ id: step.id, hash: hashOf(step) })),
  );
  const casts = Object.keys(recording.casts).length;
  const stale = counts.stale > 0 ? `, ${counts.stale} edited since` : '';
  const what = `${amount(recording.steps.length, 'step')}${stale}, ${amount(casts, 'cast')}, ${Math.ceil(bytes / 1000)} kB`;
  return `${recording.runbook} on ${recording.lab}: ${what} in ${relative(root, folder)}`;
}

function amount(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
