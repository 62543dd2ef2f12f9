import type { CellDiff, Diff } from '../../../core/expectation/model.ts';
import { visible } from '../../build/visible-text.ts';
import { make, sign, spoken } from '../dom.ts';
import { KeyedChildren } from '../keyed-children.ts';
import { texts } from '../texts.ts';
import { cellContent } from './cell-content.ts';
import { type DiffLine, diffLines, sameLine } from './diff-lines.ts';
import { lineSign, lineWord } from './line-words.ts';
import { valueParts } from './value-parts.ts';

type Row = { readonly element: HTMLElement };

/** A diff of lines, or of JSON values, that grows in place. */
export class LineDiffView {
  readonly element: HTMLElement;
  readonly content = make('ol', { class: 'diff-lines', role: 'list' });
  readonly #rows: KeyedChildren<DiffLine, Row>;

  constructor(name: string) {
    this.content.setAttribute('aria-label', name);
    this.element = make('div', { class: 'diff-scroll' }, this.content);
    this.#rows = new KeyedChildren<DiffLine, Row>(this.content, makeRow, (row, line, before) => {
      if (!sameLine(line, before)) fill(row.element, line);
      return row;
    });
  }

  update(diff: Diff): void {
    this.#rows.set(diffLines(diff));
  }
}

function makeRow(line: DiffLine): Row {
  const element = make('li');
  fill(element, line);
  return { element };
}

function fill(element: HTMLElement, line: DiffLine): void {
  element.dataset.kind = line.kind;
  element.replaceChildren(sign(lineSign[line.kind]), spoken(lineWord(line.kind)), content(line));
}

function content(line: DiffLine): HTMLElement {
  switch (line.kind) {
    case 'missing':
      return make('del', {}, visible(line.text));
    case 'misplaced':
      return make(
        'span',
        {},
        make('del', {}, visible(line.text)),
        make('span', { class: 'diff-note' }, ` ${texts.cameOnLine(line.count)}`),
      );
    case 'unexpected':
      return line.note === undefined
        ? make('ins', {}, visible(line.text))
        : make(
            'span',
            {},
            make('ins', {}, visible(line.text)),
            make('span', { class: 'diff-note' }, ` ${visible(line.note)}`),
          );
    case 'passed-over':
    case 'pending':
      return make('span', {}, visible(line.text));
    case 'matched':
      return make(
        'span',
        {},
        ...valueParts(line.expected ?? line.text, line.text).map((part) =>
          part.placeholder === undefined
            ? visible(part.text)
            : make('mark', { title: part.placeholder }, visible(part.text)),
        ),
      );
    case 'ellipsis':
      return make('span', { class: 'diff-note' }, texts.elided(line.count));
    case 'left-out':
      return make('span', { class: 'diff-note' }, texts.leftOut(line.count));
    case 'differs':
      return values(line.cells ?? []);
  }
}

function values(cells: readonly CellDiff[]): HTMLElement {
  const rows = cells.map((cell) =>
    make(
      'tr',
      {},
      make('th', { scope: 'row' }, cell.column),
      make('td', { 'data-differs': true }, ...cellContent(cell)),
    ),
  );
  const head = make('tr', {}, make('th', { scope: 'col' }, texts.path), make('th', { scope: 'col' }, texts.result));
  return make('table', { class: 'diff-table' }, make('thead', {}, head), make('tbody', {}, ...rows));
}
