import type { SourcedStep } from './text-diff.ts';
import { type Item, itemMatches } from './text-items.ts';

/** At most this many missing lines × other lines are compared when the missing ones have placeholders. */
const mostTests = 250_000;

/**
 * The steps in which no line is called missing that came somewhere else: behind another one, or where an ellipsis took it.
 * Such an output line is unexpected where it came. `came` has the last output line of literal lines that may not be kept.
 */
export function withoutMisplaced(
  steps: readonly SourcedStep[],
  items: readonly Item[],
  came: ReadonlyMap<string, number>,
): readonly SourcedStep[] {
  const missing = steps.filter((step) => step.kind === 'missing').length;
  if (missing === 0) return steps;
  const free = new Map<number, string>();
  const byText = new Map<string, number[]>();
  const used = new Set<string>();
  for (const [index, { kind, source }] of steps.entries()) {
    if (source === undefined || !('text' in source)) continue;
    if (kind === 'matched') used.add(source.text);
    if (kind !== 'absorbed' && kind !== 'unexpected') continue;
    free.set(index, source.text);
    const same = byText.get(source.text);
    if (same === undefined) byText.set(source.text, [index]);
    else same.push(index);
  }
  const few = missing * free.size <= mostTests;
  const find = (item: Item): number | undefined => {
    const literal = item.test?.literal;
    if (literal !== undefined) return byText.get(literal)?.find((index) => free.has(index));
    // Anything would do for a line that takes an empty one.
    if (!few || itemMatches(item, '')) return undefined;
    for (const [index, text] of free) if (itemMatches(item, text)) return index;
    return undefined;
  };
  const result: SourcedStep[] = [...steps];
  for (const [index, step] of steps.entries()) {
    if (step.kind !== 'missing') continue;
    const item = items[step.item];
    const found = item && find(item);
    const source = found === undefined ? undefined : steps[found]?.source;
    if (found !== undefined && source !== undefined && 'text' in source) {
      free.delete(found);
      result[index] = { kind: 'misplaced', item: step.item, line: source.line };
      result[found] = { kind: 'unexpected', at: source.line, source };
      continue;
    }
    const literal = item?.test?.literal ?? '';
    const line = used.has(literal) ? undefined : came.get(literal);
    if (line !== undefined) result[index] = { kind: 'misplaced', item: step.item, line };
  }
  return result;
}
