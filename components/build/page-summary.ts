import type { Runbook } from '../../core/runbook/model.ts';
import { hashOf } from '../../core/runbook/step-hash.ts';
import { element, leaf, type PageNode, text } from './nodes.ts';
import type { Recorded } from './recorded.ts';
import { dayOf, systemIn, systemOf, versionsOf } from './recorded-view.ts';
import { stateOf } from './state.ts';
import type { State, Words } from './words.ts';

/** The line at the top of a runbook: how many of its steps were verified, on what, when; one line for each lab. */
export function pageSummary(
  runbook: Runbook,
  recorded: readonly (readonly Recorded[])[],
  options: { readonly words: Words; readonly casts: string },
): PageNode {
  const { words } = options;
  const labs = [...new Set(recorded.flat().map(({ recording }) => recording.lab))].sort();
  const lines = labs.map((lab) =>
    labLine(
      runbook,
      recorded.map((step) => step.find(({ recording }) => recording.lab === lab)),
      options,
    ),
  );
  return element(
    'div',
    {
      class: 'tejun-page',
      'data-runbook': runbook.id,
      'data-lab': runbook.labs[0],
      'data-checkpoint': runbook.checkpoint,
    },
    ...(lines.length > 0 ? lines : [leaf('p', {}, words.neverRun(runbook.steps.length))]),
  );
}

function labLine(
  runbook: Runbook,
  steps: readonly (Recorded | undefined)[],
  { words, casts }: { readonly words: Words; readonly casts: string },
): PageNode | undefined {
  const known = steps.filter((step) => step !== undefined);
  const ran = known.filter((step) => step.kind !== 'missing');
  const recording = (ran[0] ?? known[0])?.recording;
  if (!recording) return undefined;
  const count = (state: State): number => steps.filter((step) => (step ? stateOf(step) : 'missing') === state).length;
  const rest = (Object.keys(words.counts) as (keyof Words['counts'])[])
    .filter((state) => count(state) > 0)
    .map((state) => words.counts[state](count(state)));
  const systems = [...new Set(ran.map(({ step, recording: of }) => systemOf(of, step.host)))].filter(
    (system) => system !== undefined,
  );
  const on = [...systems, recording.lab].join(' · ');
  const hosts = [...new Set(ran.filter(({ cast }) => cast).map(({ step }) => step.host))];
  const path = `${casts}/${recording.runbook}/${recording.lab}`;
  return element(
    'p',
    { 'data-lab': recording.lab, 'data-state': rest.length === 0 ? 'passed' : 'mixed' },
    leaf('strong', {}, words.summary(count('passed'), steps.length - count('elsewhere'))),
    leaf('span', {}, ` ${on} · `),
    dayOf(recording.date),
    rest.length === 0 ? undefined : leaf('span', { class: 'rest' }, ` · ${rest.join(' · ')}`),
    alsoOf(runbook, known, words),
    ...hosts.flatMap((host) => [
      text(' '),
      leaf(
        'button',
        { type: 'button', class: 'replay', 'data-cast': `${path}/${recording.casts[host]}` },
        hosts.length === 1 ? words.playAll : `${words.playAll}: ${host}`,
      ),
    ]),
  );
}

/** With what else of the lab the steps passed; how many of them, where it was not all that are for it. */
function alsoOf(runbook: Runbook, known: readonly Recorded[], words: Words): PageNode | undefined {
  const all = [...new Set(known.flatMap(({ also }) => also))];
  if (all.length === 0) return undefined;
  const systems = all.map((verification) => {
    const passed = known.filter(({ also }) => also.includes(verification)).length;
    const meant = runbook.steps.filter((step) => verification.elsewhere[step.id] !== hashOf(step)).length;
    const system = systemIn(verification, undefined);
    return passed === meant ? system : `${system} (${words.part(passed, meant)})`;
  });
  const oldest = all.map(({ date }) => date).sort()[0] ?? '';
  return element('span', {}, text(` · ${words.also(versionsOf(systems))} · `), dayOf(oldest));
}
