/** One cell as written: its text without padding, and where it begins in its line (UTF-16). */
export type RawCell = { readonly text: string; readonly offset: number };

/** One table row; `line` is the 0-based index of its first line. */
export type RawRow = { readonly cells: readonly RawCell[]; readonly line: number; readonly lines: number };

/** A table as it stands in an output or in an expectation. */
export type RawTable = {
  readonly form: 'aligned' | 'framed' | 'pipe' | 'expanded' | 'unaligned' | 'csv';
  readonly columns: readonly RawCell[];
  readonly headerLine: number;
  readonly rows: readonly RawRow[];
  /** The number that the footer `(N rows)` says. */
  readonly footer: number | undefined;
  readonly title: { readonly text: string; readonly centred: boolean } | undefined;
  /** Indexes of non-blank lines that do not belong to the table. */
  readonly extra: readonly number[];
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
  /** Written by an author: no padding needed, `\|` is a bar. */
  readonly authored: boolean;
};

/** The number in psql's footer line `(3 rows)`, in the languages that psql is translated into. */
export function footerOf(line: string): number | undefined {
  const found = footer.exec(line);
  return found === null ? undefined : Number(found[1]);
}

// `(1 row)` in psql's message catalogues.
const footer =
  /^\((0|[1-9]\d{0,14}) (?:rows?|行|行记录|筆資料列|Zeilen?|lignes?|filas?|rig[ah]e?|linhas?|registros?|rad|rader|строка|строки|строк)\)$/;

/** Is the line psql's `-[ RECORD 1 ]---`, in the languages that psql is translated into? */
export function isRecordHead(line: string): boolean {
  return recordHead.test(line);
}

const recordHead =
  /^-\[ (?:RECORD|レコード|记录|紀錄|레코드|DATENSATZ|ENREGISTREMENT|REGISTRO|ЗАПИСЬ|POST) [1-9]\d{0,14} \]-*(?:\+-*)?$/;
