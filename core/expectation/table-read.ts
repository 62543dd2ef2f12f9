import { knownPsqls } from '../output/psql-width.ts';
import { bracesAt } from './parts.ts';
import { readAligned, readFramed, readPipe } from './table-aligned.ts';
import { isMiddle, readBare } from './table-bare.ts';
import { readCsv, readUnaligned } from './table-delimited.ts';
import { readExpanded } from './table-expanded.ts';
import { footerOf, hasBoxes, type RawTable, recordOf, TableError, type TableText, withoutBoxes } from './table-text.ts';
import { trimLineEnd } from './whitespace.ts';

/** What is known of a table in an output: columns that it has to have, and how many lines are expected below it. */
export type Wanted = { readonly columns: readonly string[]; readonly below: number };

/** Reads psql's aligned, expanded, unaligned and CSV output and pipe tables, and no `wanted`: an author's. Throws `TableError`. */
export function readTable(source: readonly string[], wanted: Wanted | undefined): RawTable {
  const authored = wanted === undefined;
  const lines = source.map(trimLineEnd).map((line) => {
    const flush = line.trimStart();
    return authored && footerOf(flush) !== undefined ? flush : line;
  });
  const masked = authored ? lines.map(mask) : lines;
  const wide = lines.some((line) => /[^ -~\t]/.test(line));
  let first: unknown;
  // Which psql printed the table nobody knows: it is read by the widths that fit.
  for (const psql of wide ? knownPsqls : knownPsqls.slice(0, 1)) {
    try {
      return readAs({ lines, masked, printed: source, authored, psql }, wanted);
    } catch (error) {
      if (!(error instanceof TableError)) throw error;
      first ??= error;
    }
  }
  throw first;
}

/** Indexes of the non-blank lines above and below the table. */
export function linesBeside(source: readonly string[], table: RawTable): { above: number[]; below: number[] } {
  const indexes = source.flatMap((line, i) => (trimLineEnd(line) === '' ? [] : [i]));
  return { above: indexes.filter((i) => i < table.from), below: indexes.filter((i) => i >= table.to) };
}

function readAs(text: TableText, wanted: Wanted | undefined): RawTable {
  const first = text.lines.findIndex((line) => line !== '');
  if (first < 0) throw new TableError(0, 'there is no table', 'a table begins with its column names');
  const start = text.lines.findIndex((_, i) => formAt(text, i) !== undefined);
  const table = start < 0 ? readDelimited(text, first, wanted) : readForm(text, start, wanted);
  const again = text.lines.findIndex((_, i) => (i < table.from || i >= table.to) && isAnother(text, i));
  if (again >= 0) throw new TableError(again, 'there are several tables', 'let the step print one table');
  if (table.footer !== undefined && !text.authored && table.footer !== table.rows.length) {
    const what = `the output says (${table.footer} rows) but ${table.rows.length} rows could be read`;
    throw new TableError(table.headerLine, what, 'print the table with `psql --csv`, which has no doubtful cells');
  }
  return table;
}

type Form = 'aligned' | 'bare' | 'framed' | 'pipe' | 'expanded';

function readForm(source: TableText, start: number, wanted: Wanted | undefined): RawTable {
  const text = hasBoxes(source.lines[start] ?? '') ? withoutBoxes(source) : source;
  switch (formAt(source, start)) {
    case 'expanded':
      return readExpanded(text, start, wanted?.columns);
    case 'framed':
      return readFramed(text, start);
    case 'pipe':
      return readPipe(text, start);
    case 'bare':
      return readBare(text, start);
    default:
      return readAligned(text, start);
  }
}

/** The form of the table whose first rule or record head is line `i`. */
function formAt(source: TableText, i: number): Form | undefined {
  const text = hasBoxes(source.lines[i] ?? '') ? withoutBoxes(source) : source;
  const line = text.masked[i] ?? '';
  const above = text.masked[i - 1] ?? '';
  if (recordOf(line) !== undefined) return 'expanded';
  if (/^\+-+(?:\+-+)*\+$/.test(line)) return 'framed';
  if (/^\|(?: *:?-+:? *\|)+$/.test(line) && above.startsWith('|')) return 'pipe';
  if (above === '') return undefined;
  if (/^-+(?: -+)+$/.test(line)) return 'bare';
  if (/^-+(?:\+-+)+$/.test(line)) return text.authored || above.startsWith(' ') ? 'aligned' : undefined;
  if (!/^-+$/.test(line)) return undefined;
  // A single column: without lines some value, or the name, begins where the rule does.
  const under = text.authored ? [above] : [above, ...text.lines.slice(i + 1, footAfter(text, i))];
  if (text.authored || under.every((row) => row === '' || row.startsWith(' '))) return 'aligned';
  return isMiddle(text, i - 1, line) ? 'bare' : undefined;
}

function footAfter(text: TableText, rule: number): number {
  const foot = text.lines.findIndex((line, i) => i > rule && footerOf(line) !== undefined);
  const end = foot < 0 ? text.lines.indexOf('', rule) : foot;
  return end < 0 ? text.lines.length : end;
}

/** Does another table begin at this line? A single rule may underline a heading. */
function isAnother(text: TableText, i: number): boolean {
  const form = formAt(text, i);
  return form !== undefined && (form !== 'bare' || /^-+ -/.test(text.lines[i] ?? ''));
}

function readDelimited(text: TableText, first: number, wanted: Wanted | undefined): RawTable {
  if (wanted === undefined) {
    const header = text.masked[first] ?? '';
    const placement = { first, below: 0 };
    return header.includes('|') || !header.includes(',')
      ? readUnaligned(text, placement, header.includes('\t') && !header.includes('|') ? '\t' : '|')
      : readCsv(text, placement);
  }
  const { columns, below } = wanted;
  const has = (names: readonly string[]): boolean => columns.every((name) => names.includes(name));
  const separated = (separator: string): number =>
    text.lines.findIndex((line) => has(line.split(separator).map((name) => name.trim())));
  const headers = {
    bars: separated('|'),
    tabs: separated('\t'),
    commas: text.lines.findIndex((line) => has(namesIn(line))),
  };
  // A value below the header may have another separator, and the same words.
  const header = Math.min(...Object.values(headers).filter((line) => line >= 0));
  if (headers.bars === header) return readUnaligned(text, { first: header, below });
  if (headers.tabs === header) return readUnaligned(text, { first: header, below }, '\t');
  if (headers.commas === header) return readCsv(text, { first: header, below });
  // All that psql's expanded form prints when there is no row.
  const empty = text.lines.findIndex((line) => footerOf(line) === 0);
  if (empty >= 0) {
    return {
      form: 'expanded',
      columns: [],
      headerLine: empty,
      rows: [],
      footer: 0,
      from: empty,
      to: empty + 1,
      titled: false,
    };
  }
  throw new TableError(first, 'no table was found in the output', `a header with ${columns.join(', ')} was expected`);
}

/** The fields of a CSV header. */
function namesIn(line: string): string[] {
  const fields = line.match(/"(?:[^"]|"")*"|[^,]+|(?<=^|,)(?=,|$)/g) ?? [];
  return fields.map((field) => (field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field).trim());
}

function mask(line: string): string {
  let masked = '';
  for (let at = 0; at < line.length; ) {
    const braces = line.startsWith('{{', at) ? bracesAt(line, at) : undefined;
    const end = braces?.end ?? (line.startsWith('\\{{', at) ? at + 3 : line.startsWith('\\|', at) ? at + 2 : undefined);
    masked += end === undefined ? line.charAt(at) : 'x'.repeat(end - at);
    at = end ?? at + 1;
  }
  return masked;
}
