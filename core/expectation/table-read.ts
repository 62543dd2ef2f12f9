import { bracesAt } from './parts.ts';
import { readAligned, readFramed, readPipe } from './table-aligned.ts';
import { readCsv, readUnaligned } from './table-delimited.ts';
import { readExpanded } from './table-expanded.ts';
import { footerOf, isRecordHead, type RawTable, TableError, type TableText } from './table-text.ts';
import { trimLineEnd } from './whitespace.ts';

/** Reads psql's aligned, expanded, unaligned and CSV output and pipe tables. Throws `TableError`. */
export function readTable(source: readonly string[], wanted: readonly string[] | undefined): RawTable {
  const authored = wanted === undefined;
  const lines = source.map(trimLineEnd).map((line) => {
    const flush = line.trimStart();
    return authored && footerOf(flush) !== undefined ? flush : line;
  });
  const text: TableText = { lines, masked: authored ? lines.map(mask) : lines, authored };
  const first = lines.findIndex((line) => line !== '');
  if (first < 0) throw new TableError(0, 'there is no table', 'a table begins with its column names');
  const start = lines.findIndex((_, i) => formAt(text, i) !== undefined);
  const table = start < 0 ? readDelimited(text, first, wanted) : read[formAt(text, start) ?? 'aligned'](text, start);
  const again = table.extra.find((i) => formAt(text, i) !== undefined);
  if (again !== undefined) throw new TableError(again, 'there are several tables', 'let the step print one table');
  if (table.footer !== undefined && !authored && table.footer !== table.rows.length) {
    const what = `the output says (${table.footer} rows) but ${table.rows.length} rows could be read`;
    throw new TableError(table.headerLine, what, 'print the table with `psql --csv`, which has no doubtful cells');
  }
  return table;
}

const read = { aligned: readAligned, framed: readFramed, pipe: readPipe, expanded: readExpanded };

function formAt(text: TableText, i: number): keyof typeof read | undefined {
  const line = text.masked[i] ?? '';
  const above = text.masked[i - 1] ?? '';
  if (isRecordHead(line)) return 'expanded';
  if (/^-+(?:\+-+)*$/.test(line) && above !== '' && (text.authored || above.startsWith(' '))) return 'aligned';
  if (/^\+-+(?:\+-+)*\+$/.test(line)) return 'framed';
  if (/^\|(?: *:?-+:? *\|)+$/.test(line) && above.startsWith('|')) return 'pipe';
  return undefined;
}

function readDelimited(text: TableText, first: number, wanted: readonly string[] | undefined): RawTable {
  const header = text.masked[first] ?? '';
  // All that psql's expanded form prints when there is no row.
  if (footerOf(header) === 0 && text.lines.every((line, i) => i === first || line === '')) {
    return { form: 'expanded', columns: [], headerLine: first, rows: [], footer: 0, title: undefined, extra: [] };
  }
  if (wanted === undefined)
    return header.includes('|') || !header.includes(',') ? readUnaligned(text, first) : readCsv(text, first);
  const has = (names: readonly string[]): boolean => wanted.every((name) => names.includes(name));
  if (has(header.split('|').map((name) => name.trim()))) return readUnaligned(text, first);
  if (header.includes(',') || header.startsWith('"')) return readCsv(text, first);
  throw new TableError(first, 'no table was found in the output', `a header with ${wanted.join(', ')} was expected`);
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
