/** A value type that a placeholder stands for; `any` is written `{{*}}`. */
export type PlaceholderType =
  | 'timestamp'
  | 'lsn'
  | 'pid'
  | 'int'
  | 'number'
  | 'duration'
  | 'ip'
  | 'path'
  | 'word'
  | 'any';

/** One piece of an expected line or cell. */
export type Part =
  | { readonly kind: 'literal'; readonly text: string }
  /** A typed stand-in for volatile text; `capture` names the value that it takes. */
  | { readonly kind: 'placeholder'; readonly type: PlaceholderType; readonly capture?: string }
  /** `{{/source/}}` or `{{name:/source/}}`. */
  | { readonly kind: 'pattern'; readonly source: string; readonly capture?: string }
  /** `{{1000±5}}` or `{{0.3±10%}}`: a number within `tolerance` of `value`, both as they are written. */
  | { readonly kind: 'near'; readonly value: string; readonly tolerance: string; readonly capture?: string }
  /** `{{name}}`: what an earlier step captured. Gone after `bindExpectation`. */
  | { readonly kind: 'use'; readonly name: string };

/** How often an expected line may come: once, `{{?}}` at most once, `{{+}}` once or more, `{{0+}}` any number of times. */
export type Quantifier = 'one' | 'optional' | 'some' | 'any';

/** One line of a text expectation. */
export type ExpectedLine = {
  /** `ellipsis` stands for any lines, also none. */
  readonly rule: { readonly kind: 'ellipsis' } | { readonly kind: 'line'; readonly parts: readonly Part[] };
  readonly quantifier: Quantifier;
  /** The line as its author wrote it. */
  readonly text: string;
  /** 1-based line within the document. */
  readonly line: number;
};

/** One cell of an expected table, or a line beside it. */
export type ExpectedCell = { readonly parts: readonly Part[]; readonly text: string };

/** How the rows of a table, or the elements of a JSON array, are compared. */
export type RowOrder = 'exact' | 'any-order' | 'contains';

/** What a step's output has to be. */
export type Expectation =
  | { readonly kind: 'text'; readonly lines: readonly ExpectedLine[] }
  | {
      readonly kind: 'table';
      readonly columns: readonly string[];
      readonly rows: readonly { readonly cells: readonly ExpectedCell[]; readonly line: number }[];
      readonly order: RowOrder;
      /** `(N rows)` as written: how many rows the output has to have. */
      readonly count?: number;
      /** Lines above and below the table, as a title or a NOTICE. A title may go unnamed, any other line may not. */
      readonly above?: readonly ExpectedCell[];
      readonly below?: readonly ExpectedCell[];
    }
  | { readonly kind: 'json'; readonly source: string; readonly line: number; readonly order: RowOrder };

/** One output line by its number. */
export type ShownLine = { readonly line: number; readonly text: string };

/** One row of a diff between what was expected and what came; `expected` indexes the expectation's lines or rows. */
export type DiffRow =
  | {
      readonly kind: 'matched';
      readonly expected: number;
      readonly text: string;
      readonly actual: string;
      readonly line: number;
    }
  /** Expected, may still come. Only while output arrives. */
  | { readonly kind: 'pending'; readonly expected: number; readonly text: string }
  | { readonly kind: 'missing'; readonly expected: number; readonly text: string }
  /** Expected here, but came on output line `line`. */
  | { readonly kind: 'misplaced'; readonly expected: number; readonly text: string; readonly line: number }
  /** `note` tells what is different in a line that only looks like an expected one. */
  | { readonly kind: 'unexpected'; readonly actual: string; readonly line: number; readonly note?: string }
  /**
   * `count` output lines that an ellipsis stands for, or that a long diff leaves out; `shown` are the first and the last of
   * those that an ellipsis took where the comparison failed.
   */
  | {
      readonly kind: 'elided';
      readonly expected?: number;
      readonly count: number;
      readonly why: 'ellipsis' | 'long';
      readonly shown?: readonly ShownLine[];
    }
  /** A table row that was found but has other cells than expected. */
  | { readonly kind: 'differs'; readonly expected: number; readonly cells: readonly CellDiff[]; readonly line: number };

/** One compared cell of a table row, or one compared value of a JSON document (`column` is then its path). */
export type CellDiff = {
  readonly column: string;
  readonly expected: string;
  readonly actual: string;
  readonly same: boolean;
  /** What is different in a value that only looks like the expected one. */
  readonly note?: string;
};

/** What was expected against what came, as a value that every reporter and page draws from. */
export type Diff = {
  readonly kind: Expectation['kind'];
  readonly rows: readonly DiffRow[];
  /** Names of a table's expected columns; each row's text has its cells in this order, joined by ` | `. */
  readonly columns?: readonly string[];
  /** Why the output could not be compared row by row at all: not a table, not JSON, a column that is not there. */
  readonly problem?: string;
};

/** The end of a comparison. `captures` is filled only when it passed. */
export type Judgement = {
  readonly passed: boolean;
  readonly captures: Readonly<Record<string, string>>;
  readonly diff: Diff;
};

/** A comparison under way. The judgement depends on the lines only, never on how they were cut into pushes. */
export type Matcher = {
  /** Takes complete output lines, without their line ends. */
  push(lines: readonly string[]): void;
  /** The diff so far; `tail` are lines that may still change and are not kept. What has not come is `pending`. */
  preview(tail?: readonly string[]): Diff;
  /** Would the comparison pass if the output ended after `tail`? For `until` and background steps. */
  accepts(tail?: readonly string[]): boolean;
  end(): Judgement;
};
