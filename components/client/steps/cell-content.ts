import type { CellDiff } from '../../../core/expectation/model.ts';
import { visible } from '../../build/visible-text.ts';
import { make, spoken } from '../dom.ts';
import { texts } from '../texts.ts';

/** A value that came instead of another: both readable, by eye and by ear. */
export function cellContent(cell: CellDiff): readonly (Node | string)[] {
  return [
    spoken(`${texts.expectedWord} `),
    make('del', {}, cell.expected === '' ? texts.nothing : visible(cell.expected)),
    spoken(`, ${texts.actualWord} `),
    ' ',
    make('ins', {}, cell.actual === '' ? texts.nothing : visible(cell.actual)),
    ...(cell.note === undefined ? [] : [make('span', { class: 'diff-note' }, ` ${visible(cell.note)}`)]),
  ];
}
