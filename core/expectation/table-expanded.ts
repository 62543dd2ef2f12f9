import { displayWidth, indexAtColumn } from './display-width.ts';
import { extraLines } from './table-aligned.ts';
import {
  footerOf,
  isRecordHead,
  type RawCell,
  type RawRow,
  type RawTable,
  TableError,
  type TableText,
} from './table-text.ts';
import { trimBlanks } from './whitespace.ts';

/** Reads psql's `\x` form, whose first `-[ RECORD 1 ]-` is at line `start`. */
export function readExpanded(text: TableText, start: number): RawTable {
  const rows: RawRow[] = [];
  let names: readonly RawCell[] | undefined;
  let line = start;
  while (isRecordHead(text.lines[line] ?? '')) {
    const number = Number(/ (\d+) \]/.exec(text.lines[line] ?? '')?.[1]);
    if (number !== rows.length + 1)
      throw new TableError(line, `record ${number} follows record ${rows.length}`, 'print one table');
    const head = line++;
    const from = line;
    while (
      (text.lines[line] ?? '') !== '' &&
      !isRecordHead(text.lines[line] ?? '') &&
      (text.masked[line] ?? '').includes('|')
    )
      line++;
    const fields = readRecord(text, from, line);
    const own = fields.map((field) => field.name);
    if (names !== undefined && names.map((name) => name.text).join('\n') !== own.map((name) => name.text).join('\n')) {
      throw new TableError(head, 'the records have different columns', 'let the step print one table');
    }
    names ??= own;
    rows.push({ cells: fields.map((field) => field.value), line: head, lines: line - head });
    while (text.lines[line] === '' && isRecordHead(text.lines[line + 1] ?? '')) line++;
  }
  const footer = footerOf(text.lines[line] ?? '');
  const extra = extraLines(text, start, footer === undefined ? line : line + 1);
  return { form: 'expanded', columns: names ?? [], headerLine: start, rows, footer, title: undefined, extra };
}

type Field = { name: RawCell; value: RawCell };

function readRecord(text: TableText, from: number, to: number): Field[] {
  const fields: Field[] = [];
  // psql puts every bar of a record into the same display column, whatever the values contain.
  const first = text.masked[from] ?? '';
  const column = displayWidth(first.slice(0, Math.max(0, first.indexOf('|'))));
  for (let line = from; line < to; line++) {
    const source = text.lines[line] ?? '';
    const masked = text.masked[line] ?? '';
    const bar = text.authored ? masked.indexOf('|') : indexAtColumn(masked, column);
    if (bar === undefined || masked[bar] !== '|') {
      throw new TableError(
        line,
        'a line of the record has no `|` below the others',
        'print the table with `psql --csv`',
      );
    }
    const name = trimBlanks(source.slice(0, bar));
    const after = source.slice(bar + 1);
    const value = { text: trimBlanks(after), offset: bar + 1 + after.length - after.trimStart().length };
    const last = fields.at(-1);
    if (name !== '') {
      fields.push({ name: { text: name, offset: 0 }, value });
      continue;
    }
    if (last === undefined || !last.value.text.endsWith('+')) {
      throw new TableError(line, 'a line of the record has no column name', 'print the table with `psql --csv`');
    }
    last.value = { ...last.value, text: `${trimBlanks(last.value.text.slice(0, -1))}\n${value.text}` };
  }
  return fields;
}
