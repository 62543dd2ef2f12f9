import { bindExpectation } from './bind.ts';
import type { Expectation } from './model.ts';
import { normaliseToward } from './normalise.ts';
import { escapeDots, escapeLine, splitQuantifier } from './parse-lines.ts';
import { suggestPlaceholders } from './suggest.ts';
import { bestAlignment, type Replacement } from './text-alignment.ts';
import type { SourcedStep } from './text-diff.ts';
import { compileItems, type Item } from './text-items.ts';
import { trimLineEnd } from './whitespace.ts';

type Source = {
  readonly body: readonly string[];
  readonly output: readonly string[];
  readonly values: Readonly<Record<string, string>>;
};

/** How many blank lines at the end of an output are tried for expected lines. */
const mostEndBlanks = 5;

/** The body with matched lines as their author wrote them, and the others from the output; `clever` keeps placeholders. */
export function acceptLines(
  expectation: Extract<Expectation, { kind: 'text' }>,
  source: Source,
  clever: boolean,
): string[] {
  const bound = bindExpectation(expectation, source.values);
  const output = withoutEndBlanks(source.output);
  if ('unresolved' in bound || bound.expectation.kind !== 'text') return literalLines(output);
  const items = compileItems(bound.expectation.lines);
  const steps = alignWithBlanks(items, output, source.output.length - output.length, alike);
  function alike(item: number, line: string): boolean {
    return shareWords(expectation.lines[items[item]?.expected ?? 0]?.text ?? '', line);
  }
  const body: string[] = [];
  let gone: number[] = [];
  let came: { readonly text: string; readonly old: number | undefined }[] = [];
  const flush = (): void => {
    for (const { text: actual, old } of came) {
      const line = old === undefined ? undefined : expectation.lines[old];
      if (!clever) body.push(escapeLine(actual));
      else if (line?.rule.kind !== 'line') body.push(suggestPlaceholders(actual));
      else
        body.push(
          escapeDots(
            normaliseToward({ text: splitQuantifier(line.text).body, parts: line.rule.parts }, actual, source.values),
          ),
        );
    }
    gone = [];
    came = [];
  };
  let written = -1;
  const keepUpTo = (expected: number, until: number): void => {
    // Ellipses and optional lines that took nothing this time stay.
    for (let i = written + 1; i < until; i++) {
      const line = expectation.lines[i];
      const idle = line?.rule.kind === 'ellipsis' || line?.quantifier === 'optional' || line?.quantifier === 'any';
      if (idle && !gone.includes(i)) {
        flush();
        body.push(source.body[i] ?? line?.text ?? '');
        written = i;
      }
    }
    if (expected > written && expected === until) {
      flush();
      body.push(source.body[expected] ?? expectation.lines[expected]?.text ?? '');
      written = expected;
    }
  };
  for (const step of steps) {
    if (step.kind === 'matched' || step.kind === 'absorbed') {
      const expected = items[step.item]?.expected ?? 0;
      keepUpTo(expected, expected);
      flush();
    } else if (step.kind === 'missing') {
      const expected = items[step.item]?.expected ?? 0;
      keepUpTo(-1, expected);
      if (expected > written) gone.push(expected);
    } else if (step.kind === 'unexpected') {
      const source = step.source;
      const old = step.instead === undefined ? undefined : items[step.instead]?.expected;
      if (source !== undefined && 'text' in source) came.push({ text: source.text, old });
    }
  }
  keepUpTo(-1, expectation.lines.length);
  flush();
  return body;
}

/** The alignment with as many of the blank lines at the output's end as lines at the expectation's end stand for. */
function alignWithBlanks(
  items: readonly Item[],
  output: readonly string[],
  blanks: number,
  alike: Replacement,
): SourcedStep[] {
  const align = (end: number): SourcedStep[] =>
    bestAlignment(
      items,
      0,
      [...output, ...Array<string>(end).fill('')].map((text, i) => ({ line: i + 1, text })),
      alike,
    );
  const steps = align(0);
  const missing = steps.filter(({ kind }) => kind === 'missing').length;
  for (let end = Math.min(blanks, missing, mostEndBlanks); end > 0; end--) {
    const longer = align(end);
    if (longer.slice(-end).every(({ kind }) => kind === 'matched')) return longer;
  }
  return steps;
}

/** Are at least half of the words of the shorter line in the other? */
function shareWords(old: string, line: string): boolean {
  const words = (text: string): Set<string> =>
    new Set(text.replace(/\{\{.*?\}\}/g, ' ').match(/[\p{L}\p{N}_]+/gu) ?? []);
  const [left, right] = [words(old), words(line)];
  const common = [...left].filter((word) => right.has(word)).length;
  return common > 0 && 2 * common >= Math.min(left.size, right.size);
}

/** The output as literal lines. */
export function literalLines(output: readonly string[]): string[] {
  return withoutEndBlanks(output).map(escapeLine);
}

function withoutEndBlanks(output: readonly string[]): string[] {
  const lines = output.map(trimLineEnd);
  while (lines.at(-1) === '') lines.pop();
  return lines;
}
