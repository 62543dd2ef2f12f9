import { indexAtPsqlColumn, psqlWidth } from '../output/psql-width.ts';
import { goesOn, trimLines } from './table-cells.ts';
import {
  footerOf,
  type RawCell,
  type RawRow,
  type RawTable,
  recordOf,
  TableError,
  type TableText,
} from './table-text.ts';
import { trimBlanks } from './whitespace.ts';

/** Reads psql's `\x` form, whose first `-[ RECORD 1 ]-` or `* Record 1` is at line `start`. */
export function readExpanded(text: TableText, start: number, wanted: readonly string[] | undefined): RawTable {
  const isHead = (line: number): boolean => recordOf(text.masked[line] ?? '') !== undefined;
  const bare = (text.masked[start] ?? '').startsWith('*');
  const framed = (text.masked[start] ?? '').startsWith('+');
  const isField = (line: number): boolean => {
    const masked = text.masked[line] ?? '';
    if (masked === '' || isHead(line) || footerOf(text.lines[line] ?? '') !== undefined) return false;
    return bare || (framed ? masked.startsWith('|') : masked.includes('|') || isOldContinuation(masked));
  };
  const records: { head: number; from: number; to: number }[] = [];
  let line = start;
  while (isHead(line)) {
    const number = recordOf(text.masked[line] ?? '');
    if (number !== records.length + 1)
      throw new TableError(line, `record ${number} follows record ${records.length}`, 'print one table');
    const head = line++;
    const from = line;
    while (line < text.lines.length && isField(line)) line++;
    records.push({ head, from, to: line });
    while (text.lines[line] === '' && isHead(line + 1)) line++;
  }
  if (framed) {
    if (!/^\+-+(?:\+-+)*\+$/.test(text.masked[line] ?? ''))
      throw new TableError(line, 'the table’s frame is not closed', 'a rule belongs below the last record');
    line++;
  }
  const column = bare ? bareColumn(text, records, wanted) : barColumn(text, records, wanted);
  let names: readonly RawCell[] | undefined;
  const rows = records.map(({ head, from, to }): RawRow => {
    const fields = readRecord(text, from, to, { column, bare, framed });
    const own = fields.map((field) => field.name);
    if (names !== undefined && names.map((name) => name.text).join('\n') !== own.map((name) => name.text).join('\n')) {
      throw new TableError(head, 'the records have different columns', 'let the step print one table');
    }
    names ??= own;
    return { cells: fields.map((field) => trimLines(field.value)), line: head, lines: to - head };
  });
  const footer = footerOf(text.lines[line] ?? '');
  const to = footer === undefined ? line : line + 1;
  return { form: 'expanded', columns: names ?? [], headerLine: start, rows, footer, from: start, to, titled: false };
}

type Field = { name: RawCell; value: RawCell };
type Layout = { readonly column: number; readonly bare: boolean; readonly framed: boolean };

type Span = { readonly from: number; readonly to: number };

/**
 * psql puts the bar of every line into the same column, whatever names and values contain: the first column with bars
 * only, and with the names that are wanted before them.
 */
function barColumn(text: TableText, records: readonly Span[], wanted: readonly string[] | undefined): number {
  const first = text.masked[records[0]?.from ?? 0] ?? '';
  const framed = first.startsWith('|') ? 1 : 0;
  const columns = [...first.matchAll(/\|/g)].flatMap(({ index }) =>
    index < framed ? [] : [psqlWidth(first.slice(0, index), text.psql)],
  );
  const lines = records.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i));
  const fitting = columns.find((column) => {
    const names = lines.map((line) => {
      const masked = text.masked[line] ?? '';
      const index = indexAtPsqlColumn(masked, column, text.psql);
      if (index === undefined || !/[|:]/.test(masked[index] ?? '')) return undefined;
      return trimBlanks((text.lines[line] ?? '').slice(framed, index));
    });
    return !names.includes(undefined) && wanted?.every((name) => names.includes(name)) !== false;
  });
  return fitting ?? columns[0] ?? 0;
}

/** Without lines the column of blanks behind the longest name: the narrowest one that fits all records. */
function bareColumn(text: TableText, records: readonly Span[], wanted: readonly string[] | undefined): number {
  const lines = records.flatMap(({ from, to }) => text.lines.slice(from, to));
  const first = records[0];
  const start = first?.from ?? 0;
  const most = Math.max(0, ...lines.map((line) => psqlWidth(line, text.psql)));
  for (let column = 1; column <= most; column++) {
    const cuts = lines.map((line) => {
      const index = psqlWidth(line, text.psql) <= column ? line.length : indexAtPsqlColumn(line, column, text.psql);
      return index !== undefined && (line[index] ?? ' ') === ' ' ? line.slice(0, index).trimEnd() : undefined;
    });
    if (cuts.includes(undefined)) continue;
    const names = new Set(cuts);
    if (wanted === undefined || wanted.every((name) => names.has(name))) return column;
  }
  throw new TableError(
    start,
    'the names of the record cannot be told from its values',
    'print the table with `\\pset border 1` or `psql --csv`',
  );
}

function readRecord(text: TableText, from: number, to: number, { column, bare, framed }: Layout): Field[] {
  const fields: Field[] = [];
  let open = false;
  for (let line = from; line < to; line++) {
    const masked = text.masked[line] ?? '';
    const source = text.lines[line] ?? '';
    const end = framed && /\|$/.test(masked) ? source.length - 1 : source.length;
    const short = bare && psqlWidth(source, text.psql) <= column;
    const bar = short
      ? source.length
      : text.authored && !bare
        ? masked.indexOf('|', framed ? 1 : 0)
        : indexAtPsqlColumn(masked, column, text.psql);
    const mark = bar === undefined ? undefined : masked[bar];
    const old = mark === ':' && source.slice(0, bar).replace(/^\|/, '').trim() === '';
    if (
      bar === undefined ||
      bar < 0 ||
      (bare && !text.authored && /^\p{L}+: +\S/u.test(source)) ||
      (!old && mark !== (bare ? (short ? undefined : ' ') : '|'))
    ) {
      throw new TableError(
        line,
        'a line of the record has no `|` below the others',
        'print the table with `psql --csv`',
      );
    }
    const name = trimBlanks(source.slice(framed ? 1 : 0, bar));
    const after = source.slice(bar + 1, Math.max(bar + 1, end));
    const last = fields.at(-1);
    const goes = /[+↵]$/.test(after) && continues(text, line + 1, to, column, framed);
    const value = {
      text: trimBlanks(goes ? after.slice(0, -1) : after),
      offset: bar + 1 + after.length - after.trimStart().length,
    };
    if (name === '' && last !== undefined && (open || old)) {
      last.value = { ...last.value, text: `${last.value.text}\n${value.text}` };
    } else if (name === '' || (bare && !text.authored && source.startsWith(' '))) {
      if (/^[.…]/.test(after)) goesOn('.', line);
      throw new TableError(line, 'a line of the record has no column name', 'print the table with `psql --csv`');
    } else fields.push({ name: { text: name, offset: 0 }, value });
    open = goes;
  }
  return fields;
}

/** Is the next line of the record one without a name? */
function continues(text: TableText, line: number, to: number, column: number, framed: boolean): boolean {
  if (line >= to) return false;
  const source = text.lines[line] ?? '';
  const masked = text.masked[line] ?? '';
  const end = text.authored ? masked.indexOf('|', framed ? 1 : 0) : indexAtPsqlColumn(masked, column, text.psql);
  // Behind a `:` of the old ASCII style the line above has no mark.
  return trimBlanks(source.slice(framed ? 1 : 0, end)) === '' && (end === undefined || masked[end] !== ':');
}

function isOldContinuation(masked: string): boolean {
  return /^ +: /.test(masked);
}
