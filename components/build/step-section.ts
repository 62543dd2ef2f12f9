import type { Expectation } from '../../core/expectation/model.ts';
import { writeCondition } from '../../core/runbook/condition.ts';
import type { Command, ExpectFence, Hint, Step, Variant } from '../../core/runbook/model.ts';
import { isInSql } from '../../core/runbook/sql-step.ts';
import { abbreviated, hashOf } from '../../core/runbook/step-hash.ts';
import type { Locale } from './book.ts';
import { element, expectation, fence, leaf, type PageNode, prose } from './nodes.ts';
import type { Piece, StepPlace, Written } from './page-fences.ts';
import type { Recorded } from './recorded.ts';
import { recordedView } from './recorded-view.ts';
import { stateOf } from './state.ts';
import { stepHead } from './step-head.ts';
import { labsWith, variantLabel } from './variants.ts';
import { visible } from './visible-text.ts';
import type { Words } from './words.ts';

/** What a step's section is made of beside the step itself. */
export type StepSurroundings = {
  readonly recorded: readonly Recorded[];
  readonly words: Words;
  readonly locale: Locale;
  readonly casts: string;
  /** The page of findings in the reader's language; undefined when the book has none. */
  readonly ledger: string | undefined;
};

/** A step as the page shows it, where its first command stands; `components/client` finds its parts by these names. */
export function stepSection(step: Step, { pieces }: StepPlace, around: StepSurroundings): PageNode {
  const { words, recorded } = around;
  const id = `step-${step.id}`;
  return element(
    'section',
    {
      class: 'tejun-step',
      id,
      'data-step': step.id,
      'data-hash': abbreviated(hashOf(step)),
      'data-host': step.host,
      'data-database': isInSql(step) ? (step.database ?? '') : undefined,
      'data-danger': step.danger,
      'data-until': step.until === undefined ? undefined : String(step.until),
      'data-background': step.background,
      'data-cleanup': step.cleanup,
      'data-exit': exitOf(step),
    },
    stepHead(step, id, recorded, around),
    dangerView(step, words),
    ...bodyOf(step, pieces, around, true),
    reportedView(step, around),
    step.hints.length === 0 ? undefined : hintsView(step.hints, words),
  );
}

/** What of a step its author wrote in another place than its first command: in the next tab, in an aside, in a list item. */
export function stepPart(step: Step, { pieces }: StepPlace, around: StepSurroundings): PageNode {
  return element(
    'div',
    { class: 'tejun-step tejun-part', 'data-part-of': step.id },
    element('header', { class: 'step-head' }, leaf('a', { class: 'step-id', href: `#step-${step.id}` }, step.id)),
    pieces.some(({ kind }) => kind === 'commands') ? dangerView(step, around.words) : undefined,
    ...bodyOf(step, pieces, around, false),
  );
}

function dangerView({ danger }: Step, words: Words): PageNode | undefined {
  if (danger === undefined) return undefined;
  return element(
    'p',
    { class: 'step-danger' },
    leaf('strong', {}, words.danger),
    leaf('span', {}, ` ${visible(danger)}`),
  );
}

/** Commands, what is expected of them, and what the recordings have of them, in the order in which they were written. */
function bodyOf(
  step: Step,
  pieces: readonly Piece[],
  around: StepSurroundings,
  isFirst: boolean,
): readonly (PageNode | undefined)[] {
  const recorded = around.recorded.filter((one) => isRecordedHere(step, one, pieces, isFirst));
  const [expected] = pieces.filter(({ kind }) => kind === 'expectations');
  const seen = recorded.map((one) => isShown(step, one, expected));
  const asExpected = seen.length > 0 && seen.every((one) => one);
  const ordered = inOrder(pieces);
  // What really came says more than what may come: where there is that, the other is folded and comes after it.
  const folded =
    ordered !== undefined && !asExpected && recorded.length > 0 && recorded.every((one) => stateOf(one) === 'passed');
  const views = (ordered ?? pieces).map((piece) => pieceView(step, piece, around, asExpected, folded));
  if (recorded.length === 0) return views;
  const records = recordsView(step, recorded, around, seen);
  return folded && expected ? [...views.slice(0, -1), records, ...views.slice(-1)] : [...views, records];
}

function pieceView(step: Step, piece: Piece, around: StepSurroundings, asExpected: boolean, folded: boolean): PageNode {
  switch (piece.kind) {
    case 'commands':
      return commandView(step, piece.all, around.recorded);
    case 'expectations':
      return expectedView(step, piece.all, around, asExpected, folded);
    case 'between':
      return piece.node;
  }
}

/** Command, words, expectation, which is how most steps are written; undefined: in another order, which is kept. */
function inOrder(pieces: readonly Piece[]): readonly Piece[] | undefined {
  const of = (kind: Piece['kind']): readonly Piece[] => pieces.filter((piece) => piece.kind === kind);
  const [commands, between, expectations] = [of('commands'), of('between'), of('expectations')];
  if (commands.length > 1 || expectations.length > 1) return undefined;
  return [...commands, ...between, ...expectations];
}

/** A recording belongs to the command that ran; one of which nobody knows which it was, to the first. */
function isRecordedHere(step: Step, recorded: Recorded, pieces: readonly Piece[], isFirst: boolean): boolean {
  const ran = step.commands.find((variant) => labsWith(variant, step.commands, step, [recorded]).length > 0);
  if (ran === undefined || step.commands.length === 1) return isFirst;
  return pieces.some((piece) => piece.kind === 'commands' && piece.all.some(({ variant }) => variant === ran));
}

function commandView(step: Step, all: readonly Written<Command>[], recorded: readonly Recorded[]): PageNode {
  return element(
    'div',
    { class: 'step-command' },
    ...all.map(({ variant, display }) =>
      variantView(variant, step.commands, fence(variant.value.language, variant.value.text, display), step, recorded),
    ),
  );
}

/** What the report measured, until somebody has run the step as it is now. */
function reportedView({ reported }: Step, { recorded, words }: StepSurroundings): PageNode | undefined {
  if (!reported || recorded.some((one) => stateOf(one) === 'passed')) return undefined;
  return element(
    'div',
    { class: 'step-reported' },
    leaf('p', { class: 'label' }, words.reported),
    expectation(reported.text),
  );
}

function exitOf({ exit }: Step): string | undefined {
  const codes = exit.kind === 'any' ? 'any' : exit.codes.join();
  return codes === '0' ? undefined : codes;
}

/** Whether what came is to the letter what the page says, so that one of both is enough. */
function isShown(step: Step, recorded: Recorded, expected: Piece | undefined): boolean {
  if (recorded.kind === 'missing' || stateOf(recorded) !== 'passed') return false;
  if (step.expectations.length !== 1 || expected?.kind !== 'expectations') return false;
  const { output, outputLines } = recorded.step;
  const lines = output.replace(/\n$/, '');
  return lines === expected.all[0]?.body && outputLines <= lines.split('\n').length;
}

function recordsView(
  step: Step,
  recorded: readonly Recorded[],
  around: StepSurroundings,
  seen: readonly boolean[],
): PageNode {
  const { words, locale, casts } = around;
  const several = around.recorded.length > 1;
  const views = recorded.map((one, index) =>
    recordedView(step, one, { words, locale, casts, several, shown: seen[index] ?? false }),
  );
  return element('div', { class: 'step-recorded' }, ...views);
}

function expectedView(
  step: Step,
  all: readonly Written<ExpectFence>[],
  { words, recorded }: StepSurroundings,
  asExpected: boolean,
  folded: boolean,
): PageNode {
  const views = all.map(({ variant, body, display }) =>
    variantView(variant, step.expectations, bodyView(body, display, words), step, recorded),
  );
  const title = asExpected ? words.asExpected : titleOf(all[0]?.variant.value.expectation, words);
  return folded
    ? element('details', { class: 'step-expected' }, leaf('summary', {}, title), ...views)
    : element('div', { class: 'step-expected' }, leaf('p', { class: 'label' }, title), ...views);
}

function bodyView(body: string, display: string, words: Words): PageNode {
  if (body.trim() === '') return leaf('p', { class: 'quiet' }, words.nothing);
  return display === '' ? expectation(body) : fence('txt', visible(body), display);
}

function titleOf(expected: Expectation | undefined, words: Words): string {
  if (!expected) return words.expected.text;
  const rows = expected.kind === 'text' ? '' : words.rows[expected.order];
  return [words.expected[expected.kind], rows].filter((part) => part !== '').join(' · ');
}

function variantView<T>(
  variant: Variant<T>,
  all: readonly Variant<T>[],
  view: PageNode,
  step: Step,
  recorded: readonly Recorded[],
): PageNode {
  const label = variantLabel(variant);
  const labs = label === undefined ? '' : labsWith(variant, all, step, recorded).join(' ');
  return element(
    'div',
    {
      class: 'variant',
      'data-when': variant.whenText || writeCondition(variant.when) || undefined,
      // The condition as written lacks the part that follows from the language of the fence.
      'data-condition': writeCondition(variant.when) || undefined,
      'data-label': label,
      'data-labs': labs === '' ? undefined : labs,
    },
    label === undefined ? undefined : leaf('p', { class: 'label' }, label),
    view,
  );
}

function hintsView(hints: readonly Hint[], words: Words): PageNode {
  return element(
    'details',
    { class: 'step-hints' },
    leaf('summary', {}, words.hints),
    ...hints.map(({ missing, text: hint }) =>
      element('p', {}, missing === undefined ? undefined : leaf('em', {}, words.missingLine(missing)), ...prose(hint)),
    ),
  );
}
