import type { CellDiff, Diff } from '../../../core/expectation/model.ts';
import { visible } from '../../build/visible-text.ts';
import { make, sign, spoken } from '../dom.ts';
import { KeyedChildren } from '../keyed-children.ts';
import { texts } from '../texts.ts';
import { cellContent } from './cell-content.ts';
import { type DiffLine, diffLines, sameLine } from './diff-lines.ts';
import { lineSign, lineWord } from './line-words.ts';

type Row = { readonly element: HTMLElement };

/** A table's diff as a table; cells that differ show what was expected and what came. */
export class TableDiffView {
  readonly element: HTMLElement;
  readonly content: HTMLElement;
  readonly #columns: readonly string[];
  readonly #rows: KeyedChildren<DiffLine, Row>;

  constructor(name: string, columns: readonly string[]) {
    this.#columns = columns;
    const head = make('tr', {}, make('th', { scope: 'col' }, spoken(texts.result)));
    head.append(...columns.map((column) => make('th', { scope: 'col' }, column)));
    const body = make('tbody');
    const caption = make('caption', {}, spoken(name));
    this.content = make('table', { class: 'diff-table' }, caption, make('thead', {}, head), body);
    this.element = make('div', { class: 'diff-scroll' }, this.content);
    this.#rows = new KeyedChildren<DiffLine, Row>(
      body,
      (line) => this.#makeRow(line),
      (row, line, before) => (sameLine(line, before) ? row : this.#makeRow(line)),
    );
  }

  /** Whether this view has the columns of a diff. */
  fits(diff: Diff): boolean {
    return diff.columns?.join('\n') === this.#columns.join('\n');
  }

  update(diff: Diff): void {
    this.#rows.set(diffLines(diff));
  }

  #makeRow(line: DiffLine): Row {
    const head = make('th', { scope: 'row' }, sign(lineSign[line.kind]), spoken(lineWord(line.kind)));
    return { element: make('tr', { 'data-kind': line.kind }, head, ...this.#cells(line)) };
  }

  #cells(line: DiffLine): readonly HTMLElement[] {
    if (line.cells !== undefined && line.cells.length === this.#columns.length) {
      return line.cells.map((cell) => cellOf(line, cell));
    }
    const across = { colspan: String(this.#columns.length) };
    if (line.kind === 'unexpected') return [make('td', across, make('ins', {}, visible(line.text)))];
    if (line.kind === 'missing') return [make('td', across, make('del', {}, visible(line.text)))];
    const text = line.kind === 'left-out' ? texts.leftOut(line.count) : visible(line.text);
    return [make('td', across, text)];
  }
}

function cellOf(line: DiffLine, cell: CellDiff): HTMLElement {
  switch (line.kind) {
    case 'differs':
      return cell.same
        ? make('td', {}, visible(cell.actual))
        : make('td', { 'data-differs': true }, ...cellContent(cell));
    case 'missing':
      return make('td', {}, make('del', {}, visible(cell.expected)));
    case 'unexpected':
      return make('td', {}, make('ins', {}, visible(cell.actual)));
    case 'pending':
      return make('td', {}, visible(cell.expected));
    default:
      return make('td', {}, visible(cell.actual));
  }
}
