import type { NumberedLine } from './line-window.ts';
import { withoutMisplaced } from './misplaced.ts';
import type { DiffRow, ExpectedLine, ShownLine } from './model.ts';
import type { Item } from './text-items.ts';
import type { MatchNode } from './threads.ts';

/** Output lines in order; a gap is lines that were not kept. `mayMatch`: nobody knows whether they match anything. */
export type Lines = (NumberedLine | { readonly skipped: number; readonly mayMatch: boolean })[];

/** A step with the line or gap that it is about. */
export type SourcedStep = Step & { readonly source?: Lines[number] };

/** One step of an alignment of items with lines. `absorbed`: taken by the ellipsis `item`. */
export type Step =
  | { readonly kind: 'matched'; readonly item: number; readonly at: number }
  | { readonly kind: 'absorbed'; readonly item: number; readonly at: number }
  /** `instead`: the missing item whose place the line takes, known only to a caller that asked for replacements. */
  | { readonly kind: 'unexpected'; readonly at: number; readonly instead?: number }
  | { readonly kind: 'missing'; readonly item: number }
  /** Not missing, for it came on another line. */
  | { readonly kind: 'misplaced'; readonly item: number; readonly line: number }
  | { readonly kind: 'unknown'; readonly item: number };

/** The rows of the items before `next`, all of which are settled, for lines up to `lastLine`. */
export function alignedRows(
  lines: readonly ExpectedLine[],
  items: readonly Item[],
  last: MatchNode | undefined,
  next: number,
  lastLine: number,
): DiffRow[] {
  const nodes: MatchNode[] = [];
  for (let node = last; node !== undefined; node = node.before) nodes.push(node);
  nodes.reverse();
  const rows: DiffRow[] = [];
  let line = 0;
  let item = 0;
  const ellipses = (until: number, untilLine: number): void => {
    const between: number[] = [];
    for (; item < until; item++) if (items[item]?.kind === 'ellipsis') between.push(items[item]?.expected ?? 0);
    // Neighbouring ellipses cannot be told apart: the first has all the lines.
    between.forEach((expected, i) => {
      rows.push({ kind: 'elided', expected, count: i === 0 ? Math.max(0, untilLine - line) : 0, why: 'ellipsis' });
    });
  };
  for (const node of nodes) {
    ellipses(node.item, node.line - node.count);
    const expected = items[node.item]?.expected ?? 0;
    if (node.count > 1) rows.push({ kind: 'elided', expected, count: node.count - 1, why: 'long' });
    rows.push({ kind: 'matched', expected, text: lines[expected]?.text ?? '', actual: node.text, line: node.line });
    line = node.line;
    if (items[node.item]?.kind !== 'any') item = Math.max(item, node.item + 1);
  }
  const reached = items[next]?.kind === 'ellipsis' ? next + 1 : next;
  ellipses(reached, lastLine);
  return rows;
}

/** The rows of a comparison that failed: those settled before, then the steps. With `open`, what is missing last is pending. */
export function failedRows(
  lines: readonly ExpectedLine[],
  items: readonly Item[],
  before: readonly DiffRow[],
  firstItem: number,
  aligned: readonly SourcedStep[],
  open: boolean,
  came: ReadonlyMap<string, number>,
): DiffRow[] {
  const steps = open ? aligned : withoutMisplaced(aligned, items, came);
  const rows: DiffRow[] = [...before];
  const settled = new Set<number>();
  for (const row of before) if (row.kind !== 'unexpected' && row.expected !== undefined) settled.add(row.expected);
  const upTo = open ? steps.findLastIndex((step) => step.kind === 'matched') : steps.length;
  let unsettled = firstItem;
  const pendingFrom: number[] = [];
  /** The lines of an ellipsis by the index of its row: nothing that came may stay unseen where something is wrong. */
  const absorbed = new Map<number, ShownLine[]>();
  const note = (item: number): number => {
    const expected = items[item]?.expected ?? 0;
    settled.add(expected);
    unsettled = Math.max(unsettled, item + 1);
    return expected;
  };
  steps.forEach((step, i) => {
    const source = step.source;
    const gap = source !== undefined && 'skipped' in source ? source.skipped : 0;
    const text = source !== undefined && 'text' in source ? source.text : '';
    const line = source !== undefined && 'text' in source ? source.line : 0;
    const previous = rows.at(-1);
    if (step.kind === 'matched') {
      const expected = note(step.item);
      rows.push({ kind: 'matched', expected, text: lines[expected]?.text ?? '', actual: text, line });
    } else if (step.kind === 'absorbed') {
      const expected = note(step.item);
      const count = gap === 0 ? 1 : gap;
      if (previous?.kind === 'elided' && previous.expected === expected) {
        rows[rows.length - 1] = { ...previous, count: previous.count + count };
      } else rows.push({ kind: 'elided', expected, count, why: 'ellipsis' });
      if (!open && source !== undefined && 'text' in source) {
        const taken = absorbed.get(rows.length - 1) ?? [];
        taken.push(source);
        absorbed.set(rows.length - 1, taken);
      }
    } else if (step.kind === 'unexpected') {
      rows.push(gap > 0 ? { kind: 'elided', count: gap, why: 'long' } : { kind: 'unexpected', actual: text, line });
    } else if (step.kind === 'missing') {
      const expected = items[step.item]?.expected ?? 0;
      if (open && i > upTo) pendingFrom.push(expected);
      else if (!settled.has(expected))
        rows.push({ kind: 'missing', expected: note(step.item), text: lines[expected]?.text ?? '' });
    } else if (step.kind === 'misplaced') {
      const expected = items[step.item]?.expected ?? 0;
      if (!settled.has(expected))
        rows.push({ kind: 'misplaced', expected: note(step.item), text: lines[expected]?.text ?? '', line: step.line });
    } else note(step.item);
  });
  for (const [index, taken] of absorbed) {
    const row = rows[index];
    if (row?.kind === 'elided') rows[index] = { ...row, shown: bothEnds(taken) };
  }
  if (open) {
    const from = Math.min(...pendingFrom, lines.length);
    for (let expected = from; expected < lines.length; expected++) {
      rows.push({ kind: 'pending', expected, text: lines[expected]?.text ?? '' });
    }
  }
  return rows;
}

const mostAtAnEnd = 20;

function bothEnds(lines: readonly ShownLine[]): readonly ShownLine[] {
  if (lines.length <= 2 * mostAtAnEnd) return lines;
  return [...lines.slice(0, mostAtAnEnd), ...lines.slice(-mostAtAnEnd)];
}
