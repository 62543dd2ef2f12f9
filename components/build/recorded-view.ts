import type { RecordedStep, Recording } from '../../core/recording/model.ts';
import type { Verification } from '../../core/recording/verification.ts';
import { hostAsChosen, tellFacts } from '../../core/runbook/facts.ts';
import type { Step } from '../../core/runbook/model.ts';
import type { Locale } from './book.ts';
import { diffView } from './diff-view.ts';
import { showDuration } from './duration.ts';
import { element, leaf, type PageNode } from './nodes.ts';
import { outputView } from './output-view.ts';
import type { Recorded } from './recorded.ts';
import { signs, stateOf } from './state.ts';
import { topologyView } from './topology-view.ts';
import { visible } from './visible-text.ts';
import type { State, Words } from './words.ts';

/** What a step did on a lab: when, on what, for how long; what it printed, and what was not as expected. */
export function recordedView(
  step: Step,
  recorded: Recorded,
  options: {
    readonly words: Words;
    readonly locale: Locale;
    /** There are recordings of other labs beside this one. */
    readonly several: boolean;
    /** Where the casts are, without the slash at the end. */
    readonly casts: string;
    /** The output stands on the page already, as what is expected. */
    readonly shown: boolean;
  },
): PageNode {
  const { words } = options;
  const state = stateOf(recorded);
  const { recording } = recorded;
  const view = (cast: Readonly<Record<string, string>>, ...parts: readonly (PageNode | undefined)[]): PageNode =>
    element(
      'div',
      { class: 'recorded', 'data-lab': recording.lab, 'data-state': state, ...cast },
      options.several ? leaf('p', { class: 'label' }, `${signs[state]} ${recording.lab}`) : undefined,
      ...parts,
      alsoView(step, recorded, words),
    );
  if (recorded.kind === 'missing') return view({}, leaf('p', { class: 'recorded-foot' }, words.missing(recording.lab)));
  const { step: ran, cast } = recorded;
  // Nothing ran, so there is neither a duration nor anything to replay.
  if (state === 'elsewhere')
    return view({}, leaf('p', { class: 'recorded-foot' }, `${recording.lab}: ${visible(ran.reason ?? '')}`));
  const path = `${options.casts}/${recording.runbook}/${recording.lab}/${recording.casts[ran.host]}`;
  return view(
    cast ? { 'data-cast': path, 'data-at': String(Math.round(ran.at)) } : {},
    recorded.kind === 'stale' ? leaf('p', { class: 'quiet' }, words.stale) : undefined,
    ran.reason === undefined ? undefined : leaf('p', { class: 'reason' }, visible(ran.reason)),
    ranAs(step, ran, words),
    ran.diff && ran.verdict !== 'passed' ? diffView(ran.diff, words) : undefined,
    outputOf(ran, options),
    topologyView(ran, options),
    foot(ran, recording, state, words, cast),
  );
}

/** With what else of the lab the step passed. */
function alsoView(step: Step, { also, recording }: Recorded, words: Words): PageNode | undefined {
  const host = step.host ?? recording.steps.find((ran) => ran.step === step.id)?.host;
  return also.length === 0
    ? undefined
    : leaf('p', { class: 'recorded-foot' }, words.also(versionsOf(also.map((one) => systemIn(one, host)))));
}

/** What a verification was made on, as `PostgreSQL 18.4`; where nothing is known of it, what was chosen. */
export function systemIn(verification: Verification, host: string | undefined): string {
  // Another host may have other programs: Pgpool-II's beside Windows servers has a PostgreSQL of its own.
  const own = systemOf(verification, hostAsChosen(verification, host) ?? '');
  return own ?? visible(tellFacts(verification.chosen));
}

/** Systems as a list that names what they have in common once: `PostgreSQL 17.10, 18.4`. */
export function versionsOf(systems: readonly string[]): string {
  const named = systems.map((system) => /^(\S+) (.+)$/.exec(system) ?? [system, '', system]);
  return named
    .map(([whole, name, version], index) => (index > 0 && name === named[index - 1]?.[1] ? version : whole))
    .join(', ');
}

/** What a recording was made on, beside its lab: the version of what runs on the host. */
export function systemOf({ hosts }: Pick<Recording, 'hosts'>, host: string): string | undefined {
  const facts = hosts[host];
  if (!facts) return undefined;
  const postgres = (facts.pg_version ?? facts.pg)?.split(' ')[0];
  if (postgres) return `PostgreSQL ${visible(postgres)}`;
  return facts.pgpool ? `Pgpool-II ${visible(facts.pgpool)}` : undefined;
}

/** Day of a recording, which the browser completes with how long ago that is. */
export function dayOf(date: string): PageNode {
  return leaf('time', { datetime: date }, date.slice(0, 10));
}

function foot(ran: RecordedStep, recording: Recording, state: State, words: Words, cast: boolean): PageNode {
  const system = systemOf(recording, ran.host);
  const on = [
    words.recorded[state as keyof Words['recorded']],
    system === undefined ? '' : ` ${system} ·`,
    ` ${recording.lab} · `,
  ];
  const notes = [
    showDuration(ran.durationMs),
    ran.attempts > 1 ? words.attempts(ran.attempts) : undefined,
    ran.end ? words.end(ran.end) : undefined,
  ];
  return element(
    'p',
    { class: 'recorded-foot' },
    leaf('span', {}, on.join('')),
    dayOf(recording.date),
    leaf(
      'span',
      {},
      notes
        .filter((note) => note !== undefined)
        .map((note) => ` · ${note}`)
        .join(''),
    ),
    cast ? leaf('button', { type: 'button', class: 'replay' }, words.replay) : undefined,
  );
}

function outputOf(ran: RecordedStep, { words, shown }: { words: Words; shown: boolean }): PageNode | undefined {
  if (shown) return undefined;
  // A diff shows what came already, unless something was cut from it.
  const whole = ran.diff?.rows.every(({ kind }) => kind !== 'elided') && ran.diff.kind === 'text' && !ran.diff.problem;
  if (ran.verdict !== 'passed' && (whole || ran.output === '')) return undefined;
  const output = outputView(ran, words);
  return ran.diff && ran.verdict !== 'passed'
    ? element('div', {}, leaf('p', { class: 'label' }, words.output), output)
    : output;
}

/** The command with its values filled in, where the page shows names. */
function ranAs(step: Step, ran: RecordedStep, words: Words): PageNode | undefined {
  if (!step.commands.some(({ value }) => value.text.includes('{{'))) return undefined;
  if (step.commands.some(({ value }) => value.text === ran.command)) return undefined;
  return element(
    'p',
    { class: 'ran-as' },
    leaf('span', { class: 'quiet' }, `${words.ranAs} `),
    leaf('code', {}, visible(ran.command)),
  );
}
