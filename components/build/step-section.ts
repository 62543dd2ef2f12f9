import type { Expectation } from '../../core/expectation/model.ts';
import type { Hint, Step, Variant } from '../../core/runbook/model.ts';
import { isInSql } from '../../core/runbook/sql-step.ts';
import { abbreviated, hashOf } from '../../core/runbook/step-hash.ts';
import type { Locale } from './book.ts';
import { element, expectation, fence, leaf, type PageNode, prose } from './nodes.ts';
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
  /** The bodies of the step's fences, by the fence's line. */
  readonly bodies: ReadonlyMap<number, string>;
  /** What the author wrote between the command and what is expected of it. */
  readonly between: readonly PageNode[];
};

/** A step as the page shows it; `components/client` finds its parts by these names. */
export function stepSection(step: Step, around: StepSurroundings): PageNode {
  const { words, recorded } = around;
  const id = `step-${step.id}`;
  const seen = recorded.map((one) => isShown(step, one, around));
  const asExpected = seen.length > 0 && seen.every((one) => one);
  // What really came says more than what may come: where there is that, the other is folded and comes after it.
  const folded = !asExpected && recorded.length > 0 && recorded.every((one) => stateOf(one) === 'passed');
  const expected = step.expectations.length === 0 ? undefined : expectedView(step, around, asExpected, folded);
  const records = recorded.length === 0 ? undefined : recordsView(step, around, seen);
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
    step.danger === undefined
      ? undefined
      : element(
          'p',
          { class: 'step-danger' },
          leaf('strong', {}, words.danger),
          leaf('span', {}, ` ${visible(step.danger)}`),
        ),
    element(
      'div',
      { class: 'step-command' },
      ...step.commands.map((variant) =>
        variantView(variant, fence(variant.value.language, variant.value.text), step, recorded),
      ),
    ),
    ...around.between,
    ...(folded ? [records, expected] : [expected, records]),
    reportedView(step, around),
    step.hints.length === 0 ? undefined : hintsView(step.hints, words),
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
function isShown(step: Step, recorded: Recorded, { bodies }: StepSurroundings): boolean {
  if (recorded.kind === 'missing' || stateOf(recorded) !== 'passed') return false;
  const [only, second] = step.expectations;
  if (!only || second) return false;
  const { output, outputLines } = recorded.step;
  const lines = output.replace(/\n$/, '');
  return lines === bodies.get(only.line) && outputLines <= lines.split('\n').length;
}

function recordsView(
  step: Step,
  { recorded, words, locale, casts }: StepSurroundings,
  seen: readonly boolean[],
): PageNode {
  const several = recorded.length > 1;
  const views = recorded.map((one, index) =>
    recordedView(step, one, { words, locale, casts, several, shown: seen[index] ?? false }),
  );
  return element('div', { class: 'step-recorded' }, ...views);
}

function expectedView(step: Step, around: StepSurroundings, asExpected: boolean, folded: boolean): PageNode {
  const { bodies, words } = around;
  const views = step.expectations.map((variant) => {
    const body = bodies.get(variant.line) ?? '';
    const view = body.trim() === '' ? leaf('p', { class: 'quiet' }, words.nothing) : expectation(body);
    return variantView(variant, view, step, around.recorded);
  });
  const title = asExpected ? words.asExpected : titleOf(step.expectations[0]?.value.expectation, words);
  return folded
    ? element('details', { class: 'step-expected' }, leaf('summary', {}, title), ...views)
    : element('div', { class: 'step-expected' }, leaf('p', { class: 'label' }, title), ...views);
}

function titleOf(expected: Expectation | undefined, words: Words): string {
  if (!expected) return words.expected.text;
  const rows = expected.kind === 'text' ? '' : words.rows[expected.order];
  return [words.expected[expected.kind], rows].filter((part) => part !== '').join(' · ');
}

function variantView<T>(variant: Variant<T>, view: PageNode, step: Step, recorded: readonly Recorded[]): PageNode {
  const label = variantLabel(variant);
  const labs = label === undefined ? '' : labsWith(variant, step, recorded).join(' ');
  return element(
    'div',
    {
      class: 'variant',
      'data-when': variant.whenText === '' ? undefined : variant.whenText,
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
