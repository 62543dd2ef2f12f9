import type { RecordedStep, Recording } from '../../core/recording/model.ts';
import type { Step } from '../../core/runbook/model.ts';
import { diffView } from './diff-view.ts';
import { showDuration } from './duration.ts';
import { element, leaf, type PageNode, text } from './nodes.ts';
import { outputView } from './output-view.ts';
import type { Recorded } from './recorded.ts';
import { visible } from './visible-text.ts';
import type { State, Words } from './words.ts';

/** How a step stands on a lab. */
export function stateOf(recorded: Recorded): State {
  return recorded.kind === 'current' ? recorded.step.verdict : recorded.kind;
}

/** What a step did on a lab: when, on what, for how long; what it printed, and what was not as expected. */
export function recordedView(
  step: Step,
  recorded: Recorded,
  options: {
    readonly words: Words;
    /** Where the casts are, without the slash at the end. */
    readonly casts: string;
    /** The output stands on the page already, as what is expected. */
    readonly shown: boolean;
  },
): PageNode {
  const { words } = options;
  const state = stateOf(recorded);
  const { recording } = recorded;
  if (recorded.kind === 'missing')
    return element(
      'div',
      { class: 'recorded', 'data-lab': recording.lab, 'data-state': state },
      leaf('p', { class: 'recorded-head' }, words.missing(recording.lab)),
    );
  const { step: ran, cast } = recorded;
  const path = `${options.casts}/${recording.runbook}/${recording.lab}/${recording.casts[ran.host]}`;
  return element(
    'div',
    {
      class: 'recorded',
      'data-lab': recording.lab,
      'data-state': state,
      'data-cast': cast ? path : undefined,
      'data-at': cast ? String(Math.round(ran.at)) : undefined,
    },
    head(ran, recording, state, words, cast),
    recorded.kind === 'stale' ? leaf('p', { class: 'quiet' }, words.stale) : undefined,
    ran.reason === undefined ? undefined : leaf('p', { class: 'reason' }, visible(ran.reason)),
    ranAs(step, ran, words),
    ran.diff && ran.verdict !== 'passed' ? diffView(ran.diff, words) : undefined,
    options.shown || (ran.verdict === 'skipped' && ran.output === '') ? undefined : outputView(ran, words),
  );
}

/** What a recording was made on, beside its lab: the version of what runs on the host. */
export function systemOf(recording: Recording, host: string): string | undefined {
  const facts = recording.hosts[host];
  if (!facts) return undefined;
  const postgres = (facts.pg_version ?? facts.pg)?.split(' ')[0];
  if (postgres) return `PostgreSQL ${visible(postgres)}`;
  return facts.pgpool ? `Pgpool-II ${visible(facts.pgpool)}` : undefined;
}

/** Day of a recording, which the browser completes with how long ago that is. */
export function dayOf(date: string): PageNode {
  return leaf('time', { datetime: date }, date.slice(0, 10));
}

function head(ran: RecordedStep, recording: Recording, state: State, words: Words, cast: boolean): PageNode {
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
    { class: 'recorded-head' },
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

/** The command with its values filled in, where the page shows names. */
function ranAs(step: Step, ran: RecordedStep, words: Words): PageNode | undefined {
  if (!step.commands.some(({ value }) => value.text.includes('{{'))) return undefined;
  if (step.commands.some(({ value }) => value.text === ran.command)) return undefined;
  return element('p', { class: 'ran-as' }, text(words.ranAs), text(' '), leaf('code', {}, visible(ran.command)));
}
