import { setValues } from '../by-name.ts';
import { largestMatching } from './bipartite.ts';
import { type JsonNode, readJson, textOf } from './json-read.ts';
import type { CellDiff, DiffRow, Expectation, Judgement, Matcher, RowOrder } from './model.ts';
import { compileParts, type PartTest } from './part-test.ts';
import { trimLineEnd } from './whitespace.ts';

type JsonExpectation = Extract<Expectation, { kind: 'json' }>;

/** Output beyond this many characters is not read as JSON. */
const mostCharacters = 10_000_000;
const mostPreviewed = 100_000;
const mostEdgeTests = 4_000_000;
const mostShown = 200;

/**
 * Compares a JSON document in the output, when it is complete. Costs O(values), and O(elements²) comparisons for every
 * array that is compared in any order.
 */
export function createJsonMatcher(expectation: JsonExpectation): Matcher {
  const read = readJson(expectation.source, { problems: [], placeOf: () => ({ file: '', line: 1, column: 1 }) });
  if ('error' in read) throw new Error(`expected JSON: ${read.error.what}`);
  const comparison = new Comparison(expectation.order);
  const lines: string[] = [];
  let size = 0;
  const judge = (output: readonly string[], length: number): Judgement =>
    length > mostCharacters
      ? failed(expectation, 'the output is longer than 10 MB and was not read as JSON')
      : judgeJson(expectation, read.root, comparison, output.join('\n'));
  const withTail = (tail: readonly string[]): Judgement =>
    judge([...lines, ...tail], size + tail.reduce((sum, line) => sum + line.length + 1, 0));
  return {
    push(output) {
      for (const line of output) {
        size += line.length + 1;
        if (size <= mostCharacters) lines.push(line);
      }
    },
    accepts: (tail = []) => withTail(tail).passed,
    end: () => judge(lines, size),
    preview(tail = []) {
      const judgement = size > mostPreviewed ? undefined : withTail(tail);
      if (judgement?.passed === true) return judgement.diff;
      return { kind: 'json', rows: [{ kind: 'pending', expected: 0, text: expectation.source }] };
    },
  };
}

function judgeJson(
  expectation: JsonExpectation,
  expected: JsonNode,
  comparison: Comparison,
  output: string,
): Judgement {
  const read = readJson(output);
  if ('error' in read) {
    const line = output.slice(0, read.error.offset).split('\n').length;
    return failed(expectation, `output line ${line}: not JSON: ${read.error.what}`, output);
  }
  const captures: Record<string, string> = {};
  const cells = comparison.differences(expected, read.root, '$', expectation.source, output, captures);
  if (cells.length === 0) {
    const row: DiffRow = {
      kind: 'matched',
      expected: 0,
      text: expectation.source,
      actual: trimLineEnd(output),
      line: 1,
    };
    return { passed: true, captures, diff: { kind: 'json', rows: [row] } };
  }
  const rows: DiffRow[] = [{ kind: 'differs', expected: 0, cells: cells.slice(0, mostShown), line: 1 }];
  if (cells.length > mostShown) rows.push({ kind: 'elided', count: cells.length - mostShown, why: 'long' });
  return { passed: false, captures: {}, diff: { kind: 'json', rows } };
}

function failed(expectation: JsonExpectation, problem: string, output = ''): Judgement {
  const rows: DiffRow[] = [{ kind: 'missing', expected: 0, text: expectation.source }];
  const lines = output.split('\n').map(trimLineEnd);
  lines.slice(0, 50).forEach((actual, i) => {
    if (actual !== '') rows.push({ kind: 'unexpected', actual, line: i + 1 });
  });
  if (lines.length > 50) rows.push({ kind: 'elided', count: lines.length - 50, why: 'long' });
  return { passed: false, captures: {}, diff: { kind: 'json', rows, problem } };
}

/** Compares values; remembers the compiled strings of the expectation. */
class Comparison {
  readonly #order: RowOrder;
  readonly #tests = new Map<JsonNode, PartTest>();

  constructor(order: RowOrder) {
    this.#order = order;
  }

  /** Every value that differs, by its path; none when the actual value is as expected. */
  differences(
    expected: JsonNode,
    actual: JsonNode,
    path: string,
    expectedSource: string,
    actualSource: string,
    captures: Record<string, string>,
  ): CellDiff[] {
    const cells: CellDiff[] = [];
    const show = (source: string, node: JsonNode | undefined): string =>
      node === undefined ? '' : source.slice(node.start, Math.min(node.end, node.start + 2000));
    const differ = (at: string, e: JsonNode | undefined, a: JsonNode | undefined): void => {
      cells.push({ column: at, expected: show(expectedSource, e), actual: show(actualSource, a), same: false });
    };
    const visit = (e: JsonNode, a: JsonNode, at: string): void => {
      if (e.kind === 'object' && a.kind === 'object') {
        for (const [key, child] of e.entries) {
          const found = a.entries.get(key);
          const below = /^[A-Za-z_]\w*$/.test(key) ? `${at}.${key}` : `${at}[${JSON.stringify(key)}]`;
          if (found === undefined) differ(below, child, undefined);
          else visit(child, found, below);
        }
      } else if (e.kind === 'array' && a.kind === 'array') {
        if (this.#order === 'exact') {
          for (let i = 0; i < Math.max(e.items.length, a.items.length); i++) {
            const [left, right] = [e.items[i], a.items[i]];
            if (left === undefined || right === undefined) differ(`${at}[${i}]`, left, right);
            else visit(left, right, `${at}[${i}]`);
          }
          return;
        }
        const partners = this.#partners(e.items, a.items);
        if (partners === undefined) {
          differ(`${at} (too many elements to be compared in any order)`, e, a);
          return;
        }
        const taken = new Set(partners);
        partners.forEach((partner, i) => {
          const [left, right] = [e.items[i], a.items[partner]];
          if (left === undefined) return;
          if (right === undefined) differ(`${at}[${i}]`, left, undefined);
          else visit(left, right, `${at}[${i}]`);
        });
        if (this.#order === 'any-order') {
          a.items.forEach((item, i) => {
            if (!taken.has(i)) differ(`${at}[${i}]`, undefined, item);
          });
        }
      } else if (!this.#sameScalar(e, a, captures)) differ(at, e, a);
    };
    visit(expected, actual, path);
    return cells;
  }

  #partners(expected: readonly JsonNode[], actual: readonly JsonNode[]): number[] | undefined {
    if (expected.length * actual.length > mostEdgeTests) return undefined;
    const edges = expected.map((left) => actual.flatMap((right, i) => (this.#same(left, right) ? [i] : [])));
    return largestMatching(edges, actual.length);
  }

  #same(e: JsonNode, a: JsonNode): boolean {
    if (e.kind === 'object') {
      return (
        a.kind === 'object' &&
        [...e.entries].every(([key, child]) => {
          const found = a.entries.get(key);
          return found !== undefined && this.#same(child, found);
        })
      );
    }
    if (e.kind !== 'array') return this.#sameScalar(e, a, {});
    if (a.kind !== 'array') return false;
    if (this.#order === 'exact') {
      return e.items.length === a.items.length && e.items.every((item, i) => this.#same(item, a.items[i] as JsonNode));
    }
    if (this.#order === 'any-order' && e.items.length !== a.items.length) return false;
    return this.#partners(e.items, a.items)?.every((partner) => partner >= 0) === true;
  }

  /** Numbers are the same when they are written the same: rounding never makes two of them equal. */
  #sameScalar(e: JsonNode, a: JsonNode, captures: Record<string, string>): boolean {
    if (e.kind === 'number' || e.kind === 'word') return a.kind === e.kind && a.text === e.text;
    if (e.kind !== 'string') return false;
    let test = this.#tests.get(e);
    if (test === undefined) {
      test = compileParts(e.parts);
      this.#tests.set(e, test);
    }
    const [only, second] = e.parts;
    const whole = only !== undefined && only.kind !== 'literal' && second === undefined;
    if (a.kind !== 'string' && !(whole && a.kind === 'number')) return false;
    const text = a.kind === 'string' ? textOf(a.parts) : a.text;
    if (!test.matches(text)) return false;
    setValues(captures, test.captures(text));
    return true;
  }
}
