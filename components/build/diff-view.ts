import type { CellDiff, Diff, DiffRow } from '../../core/expectation/model.ts';
import { element, leaf, type PageNode, text } from './nodes.ts';
import { visible } from './visible-text.ts';
import type { Words } from './words.ts';

/** A diff as rows with a sign each, so that it can be read without colours, and copied. */
export function diffView(diff: Diff, words: Words): PageNode {
  const problem = diff.problem === undefined ? undefined : leaf('p', {}, visible(diff.problem));
  return element(
    'div',
    { class: 'diff', tabindex: '0', role: 'group', 'aria-label': words.difference },
    problem,
    ...diff.rows.flatMap((row) => rowView(row, words)),
  );
}

function rowView(row: DiffRow, words: Words): readonly PageNode[] {
  switch (row.kind) {
    case 'matched':
      return [leaf('div', {}, `  ${visible(row.actual)}`)];
    case 'pending':
    case 'missing':
      return [leaf('del', {}, `- ${visible(row.text)}`)];
    case 'misplaced':
      return [leaf('del', {}, `- ${visible(row.text)}`), noteView(words.misplaced(row.line))];
    case 'unexpected':
      return [leaf('ins', {}, `+ ${visible(row.actual)}`), ...(row.note === undefined ? [] : [noteView(row.note)])];
    case 'elided':
      return [
        leaf('div', { class: 'elided' }, `  … ${words.elided(row.count)}`),
        ...(row.shown ?? []).map((line) => leaf('div', {}, `: ${visible(line.text)}`)),
      ];
    case 'differs':
      return [
        element('div', {}, text('~ '), ...row.cells.flatMap((cell, index) => cellView(cell, index === 0))),
        ...row.cells.flatMap(({ column, note }) => (note === undefined ? [] : [noteView(`${column}: ${note}`)])),
      ];
  }
}

function noteView(note: string): PageNode {
  return leaf('div', { class: 'elided' }, `    ${visible(note)}`);
}

function cellView(cell: CellDiff, first: boolean): readonly PageNode[] {
  const name = leaf('span', {}, `${first ? '' : ' | '}${visible(cell.column)}: `);
  if (cell.same) return [name, leaf('span', {}, visible(cell.actual))];
  return [
    name,
    leaf('del', {}, `-[${visible(cell.expected)}]`),
    text(' '),
    leaf('ins', {}, `+[${visible(cell.actual)}]`),
  ];
}
