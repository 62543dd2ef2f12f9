import { psqlWidth } from '../../core/output/psql-width.ts';
import { visibleControl } from './visible-control.ts';

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
  readonly #widthOf: (text: string) => number;
  #widths: readonly number[] | undefined;

  /** `version`: the major version of the psql that is followed, whose Unicode data may differ from another's. */
  constructor(columns: readonly Column[], version?: number) {
    this.#columns = columns;
    this.#widthOf = (text) => psqlWidth(text, version);
  }

  /** A portion's lines; before those of the first one stand the names. */
  lines(rows: readonly (readonly Value[])[]): readonly string[] {
    const isFirst = this.#widths === undefined;
    // psql's own rule for a result without columns, which shows no rows either.
    if (this.#columns.length === 0) {
      this.#widths = [];
      return isFirst ? ['--'] : [];
    }
    const cells = rows.map((row) => row.map((value) => this.#cellOf(value ?? '')));
    if (!isFirst) return cells.flatMap((row) => this.#row(row));
    const names = this.#columns.map(({ name }) => this.#cellOf(name));
    this.#widths = names.map((name, index) =>
      [name, ...cells.map((row) => row[index] ?? [])].reduce(
        (width, cell) => Math.max(width, ...cell.map(this.#widthOf)),
        0,
      ),
    );
    const rule = this.#widths.map((width) => '-'.repeat(width + 2)).join('+');
    return [...this.#header(names), rule, ...cells.flatMap((row) => this.#row(row))];
  }

  #header(names: readonly Cell[]): readonly string[] {
    return this.#physical(names, (text, width) => {
      const left = Math.floor((width - this.#widthOf(text)) / 2);
      return this.#pad(' '.repeat(left) + text, width);
    }).map((line) => `${line.text}${line.goesOn ? '+' : ' '}`);
  }

  #row(cells: readonly Cell[]): readonly string[] {
    const lines = this.#physical(cells, (text, width, { right }, isOpen) => {
      if (right) return ' '.repeat(Math.max(0, width - this.#widthOf(text))) + text;
      return isOpen ? text : this.#pad(text, width);
    });
    return lines.map((line) => `${line.text}${line.goesOn ? '+' : ''}`);
  }

  /** One line for each line of the highest cell; a `+` says that a cell goes on. `isOpen`: nothing follows in the line. */
  #physical(
    cells: readonly Cell[],
    fit: (text: string, width: number, column: Column, isOpen: boolean) => string,
  ): readonly { readonly text: string; readonly goesOn: boolean }[] {
    const height = Math.max(1, ...cells.map((cell) => cell.length));
    const last = this.#columns.length - 1;
    return Array.from({ length: height }, (_, line) => {
      const goesOn = (index: number): boolean => line < (cells[index]?.length ?? 0) - 1;
      const text = this.#columns
        .map((column, index) => {
          const shown = cells[index]?.[line];
          const isOpen = index === last && !goesOn(index);
          // Below the end of a cell in the last column stands nothing, not even blanks before a number.
          const fitted =
            shown === undefined && isOpen ? '' : fit(shown ?? '', this.#widths?.[index] ?? 0, column, isOpen);
          return ` ${fitted}${index === last ? '' : goesOn(index) ? '+' : ' '}`;
        })
        .join('|');
      return { text, goesOn: goesOn(last) };
    });
  }

  #pad(text: string, width: number): string {
    return text + ' '.repeat(Math.max(0, width - this.#widthOf(text)));
  }

  /** As psql writes what would move a terminal's cursor; a tab leads to the next column that is a multiple of 8. */
  #cellOf(value: string): Cell {
    if (!/[\0-\x1f\x7f-\x9f]/.test(value)) return [value];
    return value.split('\n').map((line) => {
      let shown = '';
      for (const character of line) {
        if (character === '\t') shown += ' '.repeat(8 - (this.#widthOf(shown) % 8));
        else shown += visibleControl(character);
      }
      return shown;
    });
  }
}
