import { expandTabs } from '../output/plain-text.ts';
import { stepTerminal } from '../output/terminal-size.ts';
import type { ExpectedLine } from './model.ts';
import { compileParts, type PartTest } from './part-test.ts';
import { trimLineEnd } from './whitespace.ts';

/** An expected line ready to match; `{{+}}` becomes one required and one repeated item. */
export type Item = {
  readonly kind: 'one' | 'optional' | 'any' | 'ellipsis';
  /** Index of the expected line. */
  readonly expected: number;
  /** Undefined for an ellipsis. Wants lines without trailing whitespace. */
  readonly test: PartTest | undefined;
};

/** Compiles the lines of a bound text expectation. */
export function compileItems(lines: readonly ExpectedLine[]): Item[] {
  return lines.flatMap((line, expected): Item[] => {
    if (line.rule.kind === 'ellipsis') return [{ kind: 'ellipsis', expected, test: undefined }];
    const parts = [...line.rule.parts];
    for (let last = parts.at(-1); last?.kind === 'literal'; last = parts.at(-1)) {
      const text = trimLineEnd(last.text);
      parts.pop();
      if (text !== '') {
        parts.push({ kind: 'literal', text });
        break;
      }
    }
    const test = takingBlanks(compileParts(parts));
    if (line.quantifier === 'one') return [{ kind: 'one', expected, test }];
    if (line.quantifier === 'optional') return [{ kind: 'optional', expected, test }];
    const any: Item = { kind: 'any', expected, test };
    return line.quantifier === 'any' ? [any] : [{ kind: 'one', expected, test }, any];
  });
}

/** Does the item stand for this line (given without trailing whitespace)? */
export function itemMatches(item: Item, line: string): boolean {
  const test = item.test;
  if (test === undefined) return true;
  return test.literal === undefined ? test.matches(line) : test.literal === line || test.matches(line);
}

/** A tab in the output is met by a tab, or by the blanks that a terminal shows in its place. */
function takingBlanks(test: PartTest): PartTest {
  const shown = (line: string): string =>
    line.includes('\t') && !test.matches(line) ? expandTabs(line, stepTerminal.columns) : line;
  return {
    ...test,
    matches: (line) => test.matches(line) || (line.includes('\t') && test.matches(shown(line))),
    captures: (line) => test.captures(shown(line)),
    taken: (line) => test.taken(shown(line)),
  };
}
