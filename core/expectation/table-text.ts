export { footerOf } from './psql-footers.ts';

/** One cell as written: its text without padding, and where it begins in its line (UTF-16). */
export type RawCell = { readonly text: string; readonly offset: number };

/** One table row; `line` is the 0-based index of its first line. */
export type RawRow = {
  readonly cells: readonly RawCell[];
  readonly line: number;
  readonly lines: number;
  /** The line may as well be other text that was printed below the table. */
  readonly doubtful?: true;
};

/** A table as it stands in an output or in an expectation. */
export type RawTable = {
  readonly form: 'aligned' | 'bare' | 'framed' | 'pipe' | 'expanded' | 'unaligned' | 'csv';
  readonly columns: readonly RawCell[];
  readonly headerLine: number;
  readonly rows: readonly RawRow[];
  /** The number that the footer `(N rows)` says. */
  readonly footer: number | undefined;
  /** Indexes of the table's first line and of the line after its last one; the footer is within. */
  readonly from: number;
  readonly to: number;
  /** Is the line above the table one that psql centred over it, as it does with titles? */
  readonly titled: boolean;
};

/** Why a text is no table; `line` is a 0-based index. */
export class TableError extends Error {
  readonly line: number;
  readonly hint: string;
  constructor(line: number, what: string, hint: string) {
    super(what);
    this.line = line;
    this.hint = hint;
  }
}

/** Lines to read a table from; `masked` has placeholders and escaped bars blotted out, unit for unit. */
export type TableText = {
  readonly lines: readonly string[];
  readonly masked: readonly string[];
  /** The lines with the blanks at their ends: a row of empty values between tabs is nothing else. */
  readonly printed: readonly string[];
  /** Written by an author: no padding needed, `\|` is a bar. */
  readonly authored: boolean;
  /** The psql whose widths hold. */
  readonly psql: number;
};

/** The text with what `\pset linestyle unicode` draws as ASCII draws it, unit for unit; bars in cells are blotted out. */
export function withoutBoxes(text: TableText): TableText {
  return { ...text, masked: text.masked.map(plainLines) };
}

/** Does the line have box-drawing characters? */
export function hasBoxes(line: string): boolean {
  return /[\u2500-\u257f]/.test(line);
}

function plainLines(line: string): string {
  return line.replace(/[|+-]/g, 'x').replace(/[\u2500-\u257f]/g, (box) => {
    if (box === '─' || box === '═') return '-';
    return box === '│' || box === '║' ? '|' : '+';
  });
}

/** The number in a line as `-[ RECORD 1 ]---` or `* Record 1`, which psql never translates. */
export function recordOf(masked: string): number | undefined {
  const found = /^(?:\+?-\[ RECORD ([1-9]\d{0,14}) \]-*(?:\+-*)?\+?|\* Record ([1-9]\d{0,14}))$/.exec(masked);
  const digits = found?.[1] ?? found?.[2];
  return digits === undefined ? undefined : Number(digits);
}

/** The error for a line that cannot be cut into the table's columns without doubt. */
export function notARow(line: number, columns: number): TableError {
  return new TableError(
    line,
    `this line cannot be cut into ${columns} columns`,
    'a cell may contain a `|`: align it with the header, or print the table with `psql --csv`',
  );
}
