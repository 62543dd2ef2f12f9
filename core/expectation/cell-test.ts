import { psqlWidth } from '../output/psql-width.ts';
import type { Part } from './model.ts';
import { compileParts, type PartTest } from './part-test.ts';

/** A compiled cell. */
export type CellTest = {
  /** The whole text when there is no placeholder and no tab. */
  readonly literal: string | undefined;
  readonly hasCaptures: boolean;
  /** Does the text fit? `column` is where it begins in its line, for a tab that a terminal shows as blanks. */
  matches(text: string, column?: number): boolean;
  captures(text: string, column?: number): Record<string, string>;
};

/**
 * Compiles a cell's bound parts. A tab is met by a tab, and by the blanks up to the next multiple of eight columns that
 * psql prints for it in its aligned forms, or a terminal in the others.
 */
export function compileCell(parts: readonly Part[]): CellTest {
  const plain = compileParts(parts);
  const tabbed = parts.some((part) => part.kind === 'literal' && part.text.includes('\t'));
  const blanks = tabbed ? blankTest(parts) : undefined;
  const fitting = (text: string, column: number): { test: Pick<PartTest, 'captures'>; text: string } | undefined => {
    const shown = text.includes('\t') ? [text, expandFrom(text, 0), expandFrom(text, column)] : [text];
    const found = shown.find((each) => plain.matches(each));
    if (found !== undefined) return { test: plain, text: found };
    return blanks !== undefined && !text.includes('\t') && blanks.matches(text) ? { test: blanks, text } : undefined;
  };
  return {
    literal: tabbed ? undefined : plain.literal,
    hasCaptures: plain.hasCaptures,
    matches: (text, column = 0) => fitting(text, column) !== undefined,
    captures(text, column = 0) {
      const found = fitting(text, column);
      return found === undefined ? {} : found.test.captures(found.text);
    },
  };
}

/** The text with blanks for its tabs when it begins in that column of its line. */
export function expandFrom(text: string, column: number): string {
  let shown = '';
  for (const piece of text.split(/(\t|\n)/)) {
    if (piece !== '\t') shown += piece;
    else shown += ' '.repeat(8 - (widthOfLastLine(shown, column) % 8));
  }
  return shown;
}

/** Tests with one to eight blanks for each tab, of which the last one stands before a multiple of eight columns. */
function blankTest(parts: readonly Part[]): Pick<PartTest, 'matches' | 'captures'> {
  const pieces = parts.flatMap((part): Part[] =>
    part.kind === 'literal'
      ? part.text
          .split(/(\t)/)
          .filter((text) => text !== '')
          .map((text) => (text === '\t' ? { kind: 'pattern', source: ' {1,8}' } : { kind: 'literal', text }))
      : [part],
  );
  const isTab = (part: Part): boolean => part.kind === 'pattern' && part.source === ' {1,8}';
  const test = compileParts(pieces);
  return {
    captures: test.captures,
    matches(text) {
      const taken = [...(test.taken(text) ?? [])];
      if (taken.length === 0) return false;
      let before = '';
      return pieces.every((part) => {
        before += part.kind === 'literal' ? part.text : (taken.shift() ?? '');
        return !isTab(part) || widthOfLastLine(before, 0) % 8 === 0;
      });
    },
  };
}

function widthOfLastLine(text: string, column: number): number {
  const line = text.lastIndexOf('\n');
  return line < 0 ? column + psqlWidth(text) : psqlWidth(text.slice(line + 1));
}
