import { acceptJson } from './accept-json.ts';
import { acceptLines, literalLines } from './accept-lines.ts';
import { acceptTable } from './accept-table.ts';
import { bindExpectation } from './bind.ts';
import { createMatcher } from './matcher.ts';
import type { Expectation } from './model.ts';
import { parseExpectation } from './parse.ts';

/** One change of an expectation's body: lines [from, to), 0-based, `before` become `after`. */
export type Hunk = {
  readonly from: number;
  readonly to: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
};

/** An expectation as written, and the output that is to be expected from now on. */
export type Acceptance = {
  readonly expectation: Expectation;
  /** The body's lines as written, without the fence's indentation. */
  readonly body: readonly string[];
  readonly output: readonly string[];
  /** Values of the names that the expectation uses. */
  readonly values: Readonly<Record<string, string>>;
};

/** The hunks after which the output passes; none when it already does. `problem`: why there can be none. */
export function mergeAccepted(acceptance: Acceptance): { readonly hunks: Hunk[] } | { readonly problem: string } {
  if (passes(acceptance, acceptance.body)) return { hunks: [] };
  for (const body of proposals(acceptance)) {
    if (passes(acceptance, body)) return { hunks: hunksBetween(acceptance.body, body) };
  }
  return { problem: 'the output cannot be written as this kind of expectation; rewrite the fence by hand' };
}

/** The body with the hunks taken. */
export function applyHunks(body: readonly string[], hunks: readonly Hunk[]): string[] {
  const result = [...body];
  for (const hunk of [...hunks].sort((a, b) => b.from - a.from))
    result.splice(hunk.from, hunk.to - hunk.from, ...hunk.after);
  return result;
}

function* proposals(acceptance: Acceptance): Generator<string[]> {
  const { expectation } = acceptance;
  if (expectation.kind === 'text') {
    yield acceptLines(expectation, acceptance, true);
    yield acceptLines(expectation, acceptance, false);
    yield literalLines(acceptance.output);
  } else if (expectation.kind === 'table') yield* acceptTable(expectation, acceptance);
  else yield* acceptJson(expectation, acceptance);
}

function passes(acceptance: Acceptance, body: readonly string[]): boolean {
  const { expectation, output, values } = acceptance;
  const order = expectation.kind === 'text' ? 'exact' : expectation.order;
  const parsed = parseExpectation(body.join('\n'), { form: expectation.kind, order, file: '', firstLine: 1 });
  if ('problems' in parsed) return false;
  const bound = bindExpectation(parsed.expectation, values);
  if ('unresolved' in bound) return false;
  const matcher = createMatcher(bound.expectation);
  matcher.push(output);
  return matcher.end().passed;
}

/** Line by line, the parts in which two bodies differ, by a longest common subsequence. */
function hunksBetween(before: readonly string[], after: readonly string[]): Hunk[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let oldEnd = before.length;
  let newEnd = after.length;
  while (oldEnd > head && newEnd > head && before[oldEnd - 1] === after[newEnd - 1]) {
    oldEnd--;
    newEnd--;
  }
  const height = oldEnd - head;
  const width = newEnd - head;
  if (height * width > 4_000_000) {
    return [{ from: head, to: oldEnd, before: before.slice(head, oldEnd), after: after.slice(head, newEnd) }];
  }
  const lengths = new Int32Array((height + 1) * (width + 1));
  for (let i = height - 1; i >= 0; i--) {
    for (let j = width - 1; j >= 0; j--) {
      const at = i * (width + 1) + j;
      lengths[at] =
        before[head + i] === after[head + j]
          ? (lengths[at + width + 2] ?? 0) + 1
          : Math.max(lengths[at + 1] ?? 0, lengths[at + width + 1] ?? 0);
    }
  }
  const hunks: Hunk[] = [];
  let i = 0;
  let j = 0;
  while (i < height || j < width) {
    const from = { i, j };
    while ((i < height || j < width) && !(i < height && j < width && before[head + i] === after[head + j])) {
      const at = i * (width + 1) + j;
      if (i < height && (j === width || (lengths[at + width + 1] ?? 0) >= (lengths[at + 1] ?? 0))) i++;
      else j++;
    }
    if (i > from.i || j > from.j) {
      hunks.push({
        from: head + from.i,
        to: head + i,
        before: before.slice(head + from.i, head + i),
        after: after.slice(head + from.j, head + j),
      });
    } else {
      i++;
      j++;
    }
  }
  return hunks;
}
