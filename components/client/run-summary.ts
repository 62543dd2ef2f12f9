import type { StepView } from '../../core/protocol/server-message.ts';
import { texts } from './texts.ts';

/** How the steps of a page stand. */
export type RunSummary = {
  readonly all: number;
  readonly passed: number;
  readonly failed: number;
  readonly errored: number;
  readonly skipped: number;
  /** Steps that have ended, in whatever way. */
  readonly done: number;
  /** First step of the page that ended otherwise than passed or skipped. */
  readonly firstFailed: string | undefined;
};

/** Counts verdicts over a page's steps, in the page's order. A result of another version of a step does not count. */
export function summarise(
  page: readonly { readonly id: string; readonly hash: string }[],
  views: ReadonlyMap<string, StepView>,
): RunSummary {
  const count = { passed: 0, failed: 0, errored: 0, skipped: 0, done: 0 };
  let firstFailed: string | undefined;
  for (const { id, hash } of page) {
    const view = views.get(id);
    if (view?.status !== 'done' || view.hash !== hash || view.outcome === undefined) continue;
    const { verdict } = view.outcome;
    count.done++;
    if (verdict === 'timed-out') count.failed++;
    else count[verdict]++;
    if (verdict !== 'passed' && verdict !== 'skipped') firstFailed ??= id;
  }
  return { all: page.length, ...count, firstFailed };
}

/** The summary in words; nothing while nothing has ended. */
export function summaryText(summary: RunSummary): string {
  const parts = [
    summary.done === 0 ? '' : texts.summary(summary.passed, summary.all),
    summary.failed === 0 ? '' : texts.summaryFailed(summary.failed),
    summary.errored === 0 ? '' : texts.summaryErrored(summary.errored),
    summary.skipped === 0 ? '' : texts.summarySkipped(summary.skipped),
  ];
  return parts.filter((text) => text !== '').join(' · ');
}
