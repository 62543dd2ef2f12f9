import { largestMatching } from './bipartite.ts';
import type { RowOrder } from './model.ts';

/** Expected rows to be paired with actual ones. */
export type RowTests = {
  readonly expected: number;
  readonly actual: readonly (readonly string[])[];
  /** The cells of an expected row without placeholders as JSON; undefined when it has some. */
  literalKey(expected: number): string | undefined;
  cellMatches(expected: number, cell: number, actual: number): boolean;
};

/** An expected row with its actual row, or one of them alone. A pair need not match: it is the likeliest, for the diff. */
export type RowPair =
  | { readonly kind: 'pair'; readonly expected: number; readonly actual: number }
  | { readonly kind: 'missing'; readonly expected: number }
  | { readonly kind: 'unexpected'; readonly actual: number };

const mostEdgeTests = 4_000_000;
const mostPaired = 300;

/** Pairs rows one to one; all expected rows get a matching one whenever that is possible. Undefined: too many to try. */
export function pairRows(tests: RowTests, order: RowOrder): RowPair[] | undefined {
  return order === 'exact' ? inOrder(tests) : inAnyOrder(tests);
}

function inOrder(tests: RowTests): RowPair[] {
  const pairs: RowPair[] = [];
  const count = tests.actual.length;
  let head = 0;
  while (head < tests.expected && head < count && rowMatches(tests, head, head)) {
    pairs.push({ kind: 'pair', expected: head, actual: head++ });
  }
  let expectedEnd = tests.expected;
  let actualEnd = count;
  while (expectedEnd > head && actualEnd > head && rowMatches(tests, expectedEnd - 1, actualEnd - 1)) {
    expectedEnd--;
    actualEnd--;
  }
  pairs.push(...alignRows(tests, head, expectedEnd, actualEnd));
  for (; expectedEnd < tests.expected; expectedEnd++)
    pairs.push({ kind: 'pair', expected: expectedEnd, actual: actualEnd++ });
  return pairs;
}

/** The rows of a failed comparison: fewest changes by dynamic programming, in plain order when there are too many. */
function alignRows(tests: RowTests, from: number, expectedEnd: number, actualEnd: number): RowPair[] {
  const height = expectedEnd - from;
  const width = actualEnd - from;
  if (height > mostPaired || width > mostPaired) return plainPairs(from, expectedEnd, actualEnd);
  const costs = Array.from({ length: height + 1 }, () => new Float64Array(width + 1));
  const at = (i: number, j: number): number => costs[i]?.[j] ?? 0;
  const change = (i: number, j: number): number => {
    const cells = tests.actual[from + j]?.length ?? 0;
    const same = equalCells(tests, from + i, from + j);
    // A pair with nothing in common costs as much as one row missing and one too many.
    return same === cells ? 0 : 4 - (2 * same) / Math.max(1, cells);
  };
  for (let i = height; i >= 0; i--) {
    const row = costs[i] as Float64Array;
    for (let j = width; j >= 0; j--) {
      if (i === height) row[j] = 2 * (width - j);
      else if (j === width) row[j] = 2 * (height - i);
      else row[j] = Math.min(at(i + 1, j + 1) + change(i, j), at(i + 1, j) + 2, at(i, j + 1) + 2);
    }
  }
  const pairs: RowPair[] = [];
  let i = 0;
  let j = 0;
  while (i < height || j < width) {
    if (i < height && j < width && at(i, j) === at(i + 1, j + 1) + change(i, j)) {
      pairs.push({ kind: 'pair', expected: from + i++, actual: from + j++ });
    } else if (i < height && (j === width || at(i, j) === at(i + 1, j) + 2))
      pairs.push({ kind: 'missing', expected: from + i++ });
    else pairs.push({ kind: 'unexpected', actual: from + j++ });
  }
  return pairs;
}

function plainPairs(from: number, expectedEnd: number, actualEnd: number): RowPair[] {
  const pairs: RowPair[] = [];
  for (let i = from; i < Math.max(expectedEnd, actualEnd); i++) {
    if (i < expectedEnd && i < actualEnd) pairs.push({ kind: 'pair', expected: i, actual: i });
    else if (i < expectedEnd) pairs.push({ kind: 'missing', expected: i });
    else pairs.push({ kind: 'unexpected', actual: i });
  }
  return pairs;
}

function inAnyOrder(tests: RowTests): RowPair[] | undefined {
  const partner = new Array<number>(tests.expected).fill(-1);
  const taken = new Array<boolean>(tests.actual.length).fill(false);
  takeLiterals(tests, partner, taken);
  const open = partner.flatMap((actual, expected) =>
    actual < 0 && tests.literalKey(expected) === undefined ? [expected] : [],
  );
  const free = tests.actual.flatMap((_, actual) => (taken[actual] === true ? [] : [actual]));
  if (open.length * free.length > mostEdgeTests) return undefined;
  const edges = open.map((expected) => free.flatMap((actual, i) => (rowMatches(tests, expected, actual) ? [i] : [])));
  largestMatching(edges, free.length).forEach((right, i) => {
    const actual = free[right];
    if (right < 0 || actual === undefined) return;
    partner[open[i] ?? 0] = actual;
    taken[actual] = true;
  });
  pairLikeliest(tests, partner, taken);
  const pairs = partner.map(
    (actual, expected): RowPair => (actual < 0 ? { kind: 'missing', expected } : { kind: 'pair', expected, actual }),
  );
  for (let actual = 0; actual < taken.length; actual++)
    if (taken[actual] !== true) pairs.push({ kind: 'unexpected', actual });
  return pairs;
}

/** Rows without placeholders fit only rows with the same cells, which are all alike: taking any of them is never wrong. */
function takeLiterals(tests: RowTests, partner: number[], taken: boolean[]): void {
  const byKey = new Map<string, number[]>();
  tests.actual.forEach((cells, actual) => {
    const key = JSON.stringify(cells);
    const same = byKey.get(key);
    if (same === undefined) byKey.set(key, [actual]);
    else same.push(actual);
  });
  for (const same of byKey.values()) same.reverse();
  for (let expected = 0; expected < tests.expected; expected++) {
    const key = tests.literalKey(expected);
    const actual = key === undefined ? undefined : byKey.get(key)?.pop();
    if (actual === undefined) continue;
    partner[expected] = actual;
    taken[actual] = true;
  }
}

function pairLikeliest(tests: RowTests, partner: number[], taken: boolean[]): void {
  const lonely = partner.flatMap((actual, expected) => (actual < 0 ? [expected] : [])).slice(0, mostPaired);
  const free = tests.actual.flatMap((_, actual) => (taken[actual] === true ? [] : [actual])).slice(0, mostPaired);
  const likely = lonely.flatMap((expected) =>
    free.map((actual) => ({
      expected,
      actual,
      // The first column usually is the key.
      score: equalCells(tests, expected, actual) + (tests.cellMatches(expected, 0, actual) ? 0.5 : 0),
    })),
  );
  likely.sort((a, b) => b.score - a.score || a.expected - b.expected || a.actual - b.actual);
  for (const { expected, actual, score } of likely) {
    if (score === 0 || partner[expected] !== -1 || taken[actual] === true) continue;
    partner[expected] = actual;
    taken[actual] = true;
  }
}

function rowMatches(tests: RowTests, expected: number, actual: number): boolean {
  return (tests.actual[actual] ?? []).every((_, cell) => tests.cellMatches(expected, cell, actual));
}

function equalCells(tests: RowTests, expected: number, actual: number): number {
  return (tests.actual[actual] ?? []).filter((_, cell) => tests.cellMatches(expected, cell, actual)).length;
}
