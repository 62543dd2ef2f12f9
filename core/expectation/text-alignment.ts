import type { Lines, SourcedStep } from './text-diff.ts';
import { type Item, itemMatches } from './text-items.ts';

/** Does the line look like a new form of the item? Then it takes the item's place rather than an ellipsis's. */
export type Replacement = (item: number, line: string) => boolean;

/** At most this many items × lines are compared at once; a longer rest is aligned in overlapping blocks. */
const mostCells = 4_000_000;

/**
 * An alignment of the items from `first` on with the lines that has the fewest missing, then the fewest unexpected lines, up to
 * 4 million cells, in blocks of that cost beyond. Only for showing a failure; it decides nothing.
 */
export function bestAlignment(
  items: readonly Item[],
  first: number,
  lines: Lines,
  replace?: Replacement,
): SourcedStep[] {
  const steps: SourcedStep[] = [];
  let item = first;
  let at = 0;
  while (item < items.length && at < lines.length && isPlainMatch(items[item], lines[at])) {
    steps.push({ kind: 'matched', item: item++, at: at, source: lines[at++] as Lines[number] });
  }
  let lastItem = items.length;
  let lastAt = lines.length;
  while (lastItem > item && lastAt > at && isPlainMatch(items[lastItem - 1], lines[lastAt - 1])) {
    lastItem--;
    lastAt--;
  }
  const options: Options = { replace, unknown: lastItem - item > 2000 };
  while ((lastItem - item + 1) * (lastAt - at + 1) > mostCells) {
    const rows = Math.min(lastItem, item + 2000);
    const columns = Math.min(lastAt, at + 1900);
    const block = align(items, item, rows, lines, at, columns, options);
    const kept = block.slice(0, Math.ceil((block.length * 2) / 3));
    for (const step of kept) {
      steps.push(step);
      if ('item' in step && step.kind !== 'absorbed') item = step.item + 1;
      if (step.kind === 'absorbed') item = step.item;
      if ('at' in step) at = step.at + 1;
    }
    if (kept.length === 0) break;
  }
  steps.push(...align(items, item, lastItem, lines, at, lastAt, options));
  for (; lastItem < items.length; lastItem++, lastAt++) {
    steps.push({ kind: 'matched', item: lastItem, at: lastAt, source: lines[lastAt] as Lines[number] });
  }
  return steps;
}

function isPlainMatch(item: Item | undefined, line: Lines[number] | undefined): boolean {
  return item?.kind === 'one' && line !== undefined && 'text' in line && itemMatches(item, line.text);
}

const moveKinds = {
  none: 0,
  match: 1,
  repeat: 2,
  absorb: 3,
  unexpected: 4,
  miss: 5,
  skip: 6,
  unknown: 7,
  replace: 8,
} as const;

type Options = { readonly replace: Replacement | undefined; readonly unknown: boolean };

/** What a missing line costs where lines are to be shown, not replaced: more than all others that are not expected. */
const missingCost = 1_000_000;

/** Fewest-cost alignment of items [i0, i1) with lines [j0, j1), by dynamic programming from the end. */
function align(
  items: readonly Item[],
  i0: number,
  i1: number,
  lines: Lines,
  j0: number,
  j1: number,
  options: Options,
): SourcedStep[] {
  const height = i1 - i0;
  const width = j1 - j0;
  const moves = new Uint8Array((height + 1) * (width + 1));
  const missing = options.replace === undefined ? missingCost : 20;
  let below = new Float64Array(width + 1);
  for (let i = height; i >= 0; i--) {
    const row = new Float64Array(width + 1);
    const item = i < height ? items[i0 + i] : undefined;
    for (let j = width; j >= 0; j--) {
      const line = j < width ? lines[j0 + j] : undefined;
      let cost = i === height && j === width ? 0 : Number.MAX_SAFE_INTEGER;
      let move: number = moveKinds.none;
      const offer = (offered: number, by: number): void => {
        if (offered < cost) {
          cost = offered;
          move = by;
        }
      };
      if (item !== undefined && line !== undefined) {
        if (item.kind === 'ellipsis') {
          // As few lines as it can, as in a comparison that passes.
          if (options.replace === undefined) offer(below[j] ?? 0, moveKinds.skip);
          offer(row[j + 1] ?? 0, moveKinds.absorb);
        } else if ('text' in line && itemMatches(item, line.text)) {
          if (item.kind === 'any') offer(row[j + 1] ?? 0, moveKinds.repeat);
          else offer(below[j + 1] ?? 0, moveKinds.match);
        }
      }
      if (item !== undefined) {
        if (item.kind !== 'one') offer(below[j] ?? 0, moveKinds.skip);
        else {
          const between = items[i0 + i - 1]?.kind === 'ellipsis' && items[i0 + i + 1]?.kind === 'ellipsis';
          if (options.replace !== undefined && line !== undefined && 'text' in line) {
            if (options.replace(i0 + i, line.text)) offer((below[j + 1] ?? 0) + 10, moveKinds.replace);
            else if (!between) offer((below[j + 1] ?? 0) + 19, moveKinds.replace);
          }
          offer((below[j] ?? 0) + missing, moveKinds.miss);
          // Whether a line that was not kept had matched cannot be known, so nothing is claimed about it.
          if (line !== undefined && 'skipped' in line && line.mayMatch && options.unknown)
            offer((below[j] ?? 0) + 1, moveKinds.unknown);
        }
      }
      if (line !== undefined) offer((row[j + 1] ?? 0) + 20, moveKinds.unexpected);
      row[j] = cost === Number.MAX_SAFE_INTEGER ? 0 : cost;
      moves[i * (width + 1) + j] = move;
    }
    below = row;
  }
  return walk(moves, width, i0, j0, lines);
}

function walk(moves: Uint8Array, width: number, i0: number, j0: number, lines: Lines): SourcedStep[] {
  const steps: SourcedStep[] = [];
  for (let i = 0, j = 0; ; ) {
    const move = moves[i * (width + 1) + j];
    const item = i0 + i;
    const at = j0 + j;
    const source = lines[at] as Lines[number];
    if (move === moveKinds.none) return steps;
    if (move === moveKinds.match) steps.push({ kind: 'matched', item, at, source });
    else if (move === moveKinds.repeat) steps.push({ kind: 'matched', item, at, source });
    else if (move === moveKinds.absorb) steps.push({ kind: 'absorbed', item, at, source });
    else if (move === moveKinds.unexpected) steps.push({ kind: 'unexpected', at, source });
    else if (move === moveKinds.miss) steps.push({ kind: 'missing', item });
    else if (move === moveKinds.unknown) steps.push({ kind: 'unknown', item });
    else if (move === moveKinds.replace)
      steps.push({ kind: 'missing', item }, { kind: 'unexpected', at, source, instead: item });
    if (move === moveKinds.replace) {
      i++;
      j++;
    }
    if (move === moveKinds.match || move === moveKinds.miss || move === moveKinds.skip || move === moveKinds.unknown)
      i++;
    if (
      move === moveKinds.match ||
      move === moveKinds.repeat ||
      move === moveKinds.absorb ||
      move === moveKinds.unexpected
    )
      j++;
  }
}
