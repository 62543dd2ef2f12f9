import type { Step } from '../../core/runbook/model.ts';
import { isInSql } from '../../core/runbook/sql-step.ts';
import { showDuration } from './duration.ts';
import { element, leaf, type PageNode } from './nodes.ts';
import type { Recorded } from './recorded.ts';
import { signs, stateOf } from './state.ts';
import type { State, Words } from './words.ts';

/** The line above a step: on which host, its name, what is special about it, how it stands. */
export function stepHead(
  step: Step,
  id: string,
  recorded: readonly Recorded[],
  { words, ledger }: { readonly words: Words; readonly ledger: string | undefined },
): PageNode {
  const notes = notesOf(step, words);
  const findings = findingsOf(step, words, ledger);
  return element(
    'header',
    { class: 'step-head' },
    ...placeOf(step),
    leaf('a', { class: 'step-id', href: `#${id}` }, step.id),
    ...findings,
    notes.length === 0 ? undefined : leaf('span', { class: 'step-notes' }, notes.join(' · ')),
    stateView(step, recorded, words),
    element('span', { class: 'step-actions' }),
  );
}

/** Host and database, as far as the page itself says them; that it is SQL, it always says. */
function placeOf(step: Step): readonly PageNode[] {
  const database = isInSql(step) ? (step.database ?? 'SQL') : undefined;
  const place = [step.host, database].filter((part) => part !== undefined).join(' · ');
  return place === '' ? [] : [leaf('span', { class: 'step-host' }, place)];
}

function notesOf(step: Step, words: Words): readonly string[] {
  const { exit } = step;
  const usual = exit.kind === 'codes' && exit.codes.length === 1 && exit.codes[0] === 0;
  const code = usual ? undefined : exit.kind === 'any' ? words.anyExit : words.exit(exit.codes.join(', '));
  return [
    step.until === undefined ? undefined : words.until(showDuration(step.until)),
    code,
    step.background ? words.background : undefined,
    step.cleanup ? words.cleanup : undefined,
  ].filter((note) => note !== undefined);
}

/** Which findings the step is about, each with a way to what the ledger says of it. */
function findingsOf({ finding, changed }: Step, words: Words, ledger: string | undefined): readonly PageNode[] {
  const ids = [...new Set([finding, changed].flatMap((names) => names?.split(',') ?? []))];
  return ids.map((id) =>
    ledger === undefined
      ? leaf('span', { class: 'step-notes' }, words.finding(id))
      : leaf('a', { class: 'step-notes', href: `${ledger}#${id.toLowerCase()}` }, words.finding(id)),
  );
}

function stateView({ reported }: Step, recorded: readonly Recorded[], words: Words): PageNode {
  if (reported && recorded.every((one) => ['elsewhere', 'missing'].includes(stateOf(one))))
    return leaf('span', { class: 'step-state', 'data-state': 'missing' }, `${signs.missing} ${words.reported}`);
  const states = recorded.map(stateOf);
  const first = states[0] ?? 'missing';
  const same = states.every((state) => state === first);
  const shown = same
    ? `${signs[first]} ${words.states[first]}`
    : recorded.map((one) => `${signs[stateOf(one)]} ${one.recording.lab}`).join(' ');
  return leaf('span', { class: 'step-state', 'data-state': same ? first : worst(states) }, shown);
}

/** What a reader has to know first when labs differ. */
function worst(states: readonly State[]): State {
  const order: readonly State[] = [
    'failed',
    'errored',
    'timed-out',
    'stale',
    'skipped',
    'missing',
    'elsewhere',
    'passed',
  ];
  return order.find((state) => states.includes(state)) ?? 'missing';
}
