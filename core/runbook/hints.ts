import type { ExpectFence, Hint, Variant } from './model.ts';
import type { Reports } from './positions.ts';

/** A hint with the 1-based place where it says which line it waits for. */
export type PlacedHint = {
  readonly hint: Hint;
  readonly file: string | undefined;
  readonly line: number;
  readonly column: number;
};

/** Reports each hint that waits for a line which its step never expects: it would never speak. */
export function checkHints(
  hints: readonly PlacedHint[],
  expectations: readonly Variant<ExpectFence>[],
  reports: Reports,
): void {
  const expected = expectations.flatMap(({ value }) => linesOf(value));
  for (const { hint, file, line, column } of hints) {
    if (hint.missing === undefined || expected.includes(hint.missing.trim())) continue;
    const [first] = expected;
    reports(file)(
      line,
      column,
      `no \`expect\` of this step has the line \`${hint.missing}\``,
      first === undefined
        ? 'leave out `missing`: the hint then speaks whenever the step fails'
        : `write the line as it stands there, for example missing=${JSON.stringify(first)}`,
    );
  }
}

/** The lines of an expectation as a diff calls them when they are missing. */
function linesOf({ expectation }: ExpectFence): readonly string[] {
  switch (expectation.kind) {
    case 'text':
      return expectation.lines.filter(({ rule }) => rule.kind === 'line').map(({ text }) => text.trim());
    case 'table':
      return expectation.rows.map(({ cells }) =>
        cells
          .map(({ text }) => text)
          .join(' | ')
          .trim(),
      );
    case 'json':
      return [];
  }
}
