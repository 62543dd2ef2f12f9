import { displayWidth } from '../../core/expectation/display-width.ts';

/** A column of a result. */
export type Column = { readonly name: string; readonly right: boolean };

/** A value as the server wrote it; null for SQL's NULL, which shows as nothing. */
export type Value = string | null;

/** Lines that make up one cell. */
type Cell = readonly string[];

/**
 * Rows as psql shows them in its aligned form, given in portions: the first one decides how wide the columns are, so that
 * a result of any length takes no more memory than a portion. psql does the same with FETCH_COUNT.
 */
export class AlignedTable {
  readonly #columns: readonly Column[];
  #widths: readonly number[] | undefined;

  constructor(columns: readonly Column[]) {
    this.#columns = columns;
  }

  /** A portion's lines; before those of the first one stand the names. */
  lines(rows: readonly (readonly Value[])[]): readonly string[] {
    // psql's own rule for a result without columns.
    if (this.#columns.length === 0) return ['--'];
    const cells = rows.map((row) => row.map((value) => cellOf(value ?? '')));
    if (this.#widths !== undefined) return cells.flatMap((row) => this.#row(row));
    const names = this.#columns.map(({ name }) => cellOf(name));
    this.#widths = names.map((name, index) =>
      [name, ...cells.map((row) => row[index] ?? [])].reduce(
        (width, cell) => Math.max(width, ...cell.map(displayWidth)),
        0,
      ),
    );
    const rule = this.#widths.map((width) => '-'.repeat(width + 2)).join('+');
    return [...this.#header(names), rule, ...cells.flatMap((row) => this.#row(row))];
  }

  #header(names: readonly Cell[]): readonly string[] {
    return this.#physical(names, (text, width) => {
      const left = Math.floor((width - displayWidth(text)) / 2);
      return pad(' '.repeat(left) + text, width);
    });
  }

  #row(cells: readonly Cell[]): readonly string[] {
    const lines = this.#physical(cells, (text, width, { right }) =>
      right ? ' '.repeat(Math.max(0, width - displayWidth(text))) + text : pad(text, width),
    );
    return lines.map((line) => line.trimEnd());
  }

  /** One line for each line of the highest cell; a `+` says that a cell goes on. */
  #physical(cells: readonly Cell[], fit: (text: string, width: number, column: Column) => string): readonly string[] {
    const height = Math.max(1, ...cells.map((cell) => cell.length));
    return Array.from({ length: height }, (_, line) =>
      this.#columns
        .map((column, index) => {
          const cell = cells[index] ?? [];
          const goesOn = line < cell.length - 1;
          return ` ${fit(cell[line] ?? '', this.#widths?.[index] ?? 0, column)}${goesOn ? '+' : ' '}`;
        })
        .join('|'),
    );
  }
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/** As psql writes what would move a terminal's cursor; a tab leads to the next column that is a multiple of 8. */
function cellOf(value: string): Cell {
  if (!/[\0-\x1f\x7f-\x9f]/.test(value)) return [value];
  return value.split('\n').map((line) => {
    let shown = '';
    for (const character of line) {
      if (character === '\t') shown += ' '.repeat(8 - (displayWidth(shown) % 8));
      else shown += visibleControl(character);
    }
    return shown;
  });
}

/** A character; one that is a terminal's command, by its number. */
export function visibleControl(character: string): string {
  if (character === '\r') return '\\r';
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).toUpperCase().padStart(2, '0')}`;
  return code >= 0x80 && code < 0xa0 ? `\\u${code.toString(16).toUpperCase().padStart(4, '0')}` : character;
}
