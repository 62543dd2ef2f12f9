import { applyHunks, mergeAccepted } from '../../core/expectation/accept.ts';
import type { RowOrder } from '../../core/expectation/model.ts';
import type { Answer, Form } from './form.ts';
import { piecesFit, placeholders, readPieces, writeLiteral } from './placeholders.ts';
import { plainStyle, print, type Style, withoutTabs } from './psql-printer.ts';
import type { Random } from './random.ts';
import { makeCell, makeSheet, makeStyle } from './sheets.ts';
import { judge, linesOf, readTrial, type Trial, type Verdict } from './trial.ts';

/** A table with the lines beside it. In the page's one, cells may have placeholders. */
type Drawn = {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly right: readonly boolean[];
  readonly style: Style;
  readonly above: readonly string[];
  readonly below: readonly string[];
};
type TableCase = { readonly output: Drawn; readonly page: Drawn; readonly order: RowOrder; readonly end: string };

const messages = ['NOTICE:  relation "x" does not exist, skipping', 'DROP TABLE', 'Time: 1.234 ms', 'done'];

/** Tables: cells that psql draws in one form and a page in another, against a comparison of the cells. */
export const table: Form<TableCase> = {
  name: 'table',
  make,
  trial,
  oracle,
  *simpler(of) {
    for (const simpler of simplerCases(of)) yield settled(simpler);
  },
  complaint,
};

/** Simpler cases, of which some cannot be drawn. */
function* simplerCases(of: TableCase): Generator<TableCase> {
  if (of.end !== '\n') yield { ...of, end: '\n' };
  if (of.order !== 'exact') yield { ...of, order: 'exact' };
  for (const output of simplerDrawn(of.output)) yield { ...of, output };
  for (const page of simplerDrawn(of.page)) yield { ...of, page };
  for (const name of new Set(of.page.columns)) {
    const [output, page] = [without(of.output, name), without(of.page, name)];
    if (page.columns.length > 0 && output.columns.length > 0) yield { ...of, output, page };
  }
  for (const [i] of of.output.rows.entries()) {
    const output = { ...of.output, rows: of.output.rows.toSpliced(i, 1) };
    for (const [j] of of.page.rows.entries())
      yield { ...of, output, page: { ...of.page, rows: of.page.rows.toSpliced(j, 1) } };
  }
  for (const cell of new Set(of.output.rows.flat())) {
    if (cell === 'a' || cell === '') continue;
    const replaced = (drawn: Drawn): Drawn => ({
      ...drawn,
      rows: drawn.rows.map((row) => row.map((other) => (other === cell || other === writeLiteral(cell) ? 'a' : other))),
    });
    yield { ...of, output: replaced(of.output), page: replaced(of.page) };
  }
}

/** The case with forms in which its cells can be drawn. */
function settled({ output, page, order, end }: TableCase): TableCase {
  const style = outputStyle(output.style, [output.columns, ...output.rows]);
  return { output: { ...output, style }, page: drawable(page, order, output.rows.length), order, end };
}

function trial({ output, page, order, end }: TableCase): Trial {
  const printed = [...output.above, ...print(output, output.style), ...output.below];
  const body = [...page.above, ...print(written(page), page.style), ...page.below];
  return { form: 'table', order, body, output: printed.map((line) => line + end).join(''), values: {} };
}

/** The page's table with bars in its cells escaped, which CSV need not. */
function written(page: Drawn): Drawn {
  if (page.style.format === 'csv') return page;
  const escaped = (text: string): string => text.replaceAll('|', '\\|');
  const columns = page.style.format === 'expanded' ? page.columns : page.columns.map(escaped);
  return { ...page, columns, rows: page.rows.map((row) => row.map(escaped)) };
}

function make(random: Random): TableCase {
  const sheet = makeSheet(random);
  const style = outputStyle(makeStyle(random), [sheet.columns, ...sheet.rows]);
  const beside = (): string[] => (random.once(5) ? random.list(1, 2, () => random.pick(messages)) : []);
  const output = { ...sheet, style, above: beside(), below: beside() };
  const order = random.pick<RowOrder>(['exact', 'exact', 'any-order', 'contains']);
  const right = pageOf(random, output, order);
  const page = random.once(2) ? right : changed(random, right);
  return settled({ output, page: { ...page, style: makeStyle(random) }, order, end: random.once(3) ? '\r\n' : '\n' });
}

/** A form in which psql can print such cells so that they can be told apart. */
function outputStyle(style: Style, rows: Drawn['rows']): Style {
  const cells = rows.flat();
  const lines = cells.some((cell) => cell.includes('\n'));
  // A last value that looks like a footer is one without a footer below it: byte for byte the same.
  const alike = rows.some((row) => row.length === 1 && row.some(isFooter));
  const seen = { ...style, ...(alike ? { format: 'aligned' as const, footer: true } : {}) };
  if (style.format === 'unaligned' && (lines || cells.some((cell) => cell.includes(style.separator))))
    return { ...seen, format: 'csv' };
  // The old style does not mark what goes on in the first column.
  const unmarked = style.border === 0 ? lines : rows.some(([first]) => first?.includes('\n'));
  return style.lines === 'old-ascii' && unmarked ? { ...seen, lines: 'ascii' } : seen;
}

/** A page that expects what comes, maybe with fewer columns. */
function pageOf(random: Random, output: Drawn, order: RowOrder): Drawn {
  const names = random.shuffled([...new Set(output.columns)]);
  const wanted = names.slice(0, 1 + random.below(names.length));
  const indexes = wanted.flatMap((name) => output.columns.flatMap((other, c) => (other === name ? [c] : [])));
  const all = output.rows.map((row) => indexes.map((c) => row[c] ?? ''));
  const shuffled = order === 'exact' ? all : random.shuffled(all);
  const rows = order === 'contains' ? shuffled.slice(random.below(shuffled.length + 1)) : shuffled;
  return {
    columns: indexes.map((c) => output.columns[c] ?? ''),
    rows: rows.map((row) => row.map((cell) => writeCell(random, cell))),
    right: indexes.map(() => false),
    style: plainStyle,
    above: [...output.above, ...(output.style.title !== '' && random.once(2) ? [output.style.title] : [])].map(
      writeLiteral,
    ),
    below: output.below.map(writeLiteral),
  };
}

/** A cell as a page writes it, maybe by a placeholder. */
function writeCell(random: Random, cell: string): string {
  const fitting = placeholders.filter(({ fits }) => fits(plain(cell)));
  return random.once(5) ? `{{${random.pick(fitting).written}}}` : writeLiteral(cell);
}

function changed(random: Random, page: Drawn): Drawn {
  const i = random.below(Math.max(1, page.rows.length));
  const c = random.below(page.columns.length);
  const row = page.rows[i] ?? [];
  switch (random.below(8)) {
    case 0:
      return { ...page, rows: page.rows.toSpliced(i, 1) };
    case 1:
      return { ...page, rows: page.rows.toSpliced(i, 0, ...page.rows.slice(i, i + 1)) };
    case 2:
      return { ...page, rows: page.rows.toReversed() };
    case 3:
      return { ...page, columns: page.columns.with(c, random.pick(['id', 'name', 'other'])) };
    case 4:
      return random.once(2) ? { ...page, above: messages.slice(0, 1) } : { ...page, below: [] };
    default:
      return row.length === 0
        ? page
        : { ...page, rows: page.rows.with(i, row.with(c, writeLiteral(makeCell(random)))) };
  }
}

/** The page in a form in which it can have such cells. */
function drawable(page: Drawn, order: RowOrder, count: number): Drawn {
  const { style } = page;
  const single = page.columns.length === 1;
  const rows = single ? page.rows.map((row) => row.map(withoutFooter)) : page.rows;
  const cells = rows.flat();
  const long = cells.some((cell) => cell.includes('\n'));
  const lines = style.lines === 'old-ascii' && long ? 'ascii' : style.lines;
  const marked = cells.some((cell) => /\n|[+↵]$/.test(cell));
  const bare = style.format !== 'expanded' && !(marked && single) && !cells.some(isFooter);
  const border = style.border === 0 && !bare ? 1 : style.border;
  const barred = page.columns.some((name) => name.includes('|')) && style.format !== 'aligned';
  const csv = style.format === 'csv' && (single || page.below.length + page.above.length > 0);
  const plainer = rows.length === 0 || style.format === 'unaligned' || csv || barred;
  const format = plainer ? 'aligned' : style.format;
  const drawn = { ...page, rows, style: { ...style, title: '', separator: '|' as const, border, lines, format } };
  // A blank line that is a value needs the footer, which counts all rows of the output.
  const blank = isBlank(drawn);
  const footer = blank || (style.footer && (order !== 'contains' || rows.length === count));
  return { ...drawn, style: { ...drawn.style, footer } };
}

/** Is a line of the table's rows blank? */
function isBlank(drawn: Drawn): boolean {
  const printed = print(drawn, { ...drawn.style, footer: false });
  return printed.slice(0, drawn.style.format === 'aligned' ? -1 : undefined).some((line) => line.trim() === '');
}

/** In a single column a value like a footer is written by a pattern. */
function withoutFooter(cell: string): string {
  return isFooter(cell) ? '{{/\\([0-9]+ rows?\\)/}}' : cell;
}

function isFooter(cell: string): boolean {
  return /^\(\d+ rows?\)$/.test(cell);
}

function oracle({ output, page, order }: TableCase): Answer {
  const none = output.style.format === 'expanded' && output.rows.length === 0;
  const indexes = none ? [] : placesOf(page.columns, output.columns);
  const counted = isCounted(page.style);
  const right =
    indexes !== undefined &&
    sameAbove(page.above, output) &&
    sameLines(page.below, output.below) &&
    (!counted || page.rows.length === output.rows.length) &&
    sameRows(
      page.rows,
      output.rows.map((row) => indexes.map((c) => row[c] ?? '')),
      order,
    );
  if (!right) return 'fail';
  return isRefusable(output, order) ? 'refusable' : 'pass';
}

/** What the reference says cannot be told apart, and is refused rather than guessed. */
function isRefusable(output: Drawn, order: RowOrder): boolean {
  const { columns, rows } = output;
  const style = { ...output.style, title: '' };
  const single = columns.length === 1;
  const counted = isCounted(style);
  const printed = print(output, style).slice(0, style.format === 'aligned' ? -1 : undefined);
  // A value in quotes may be CSV or not.
  const commas = single || (style.format === 'unaligned' && style.separator === ',');
  const quoted = commas && style.format !== 'aligned' && rows.some((row) => row.some((cell) => /[",\n]/.test(cell)));
  // A line can be a rule, the head of a record, or a footer.
  const flush = !(style.format === 'aligned' && style.border > 0);
  const body = printed.slice(0, counted ? -1 : undefined);
  const values = body.map((line) => line.trim());
  const ruled = single || (style.format === 'unaligned' && style.separator === '\t');
  const alike = flush && values.some((line) => (ruled && /^-+$|^-\[ RECORD/.test(line)) || isFooter(line));
  // Where all values begin with a blank, a column without lines looks like one with them.
  const indented =
    single && flush && body.every((line) => /^ |^$|^[-─]+$/.test(line)) && rows.some(([cell]) => cell?.includes('\n'));
  const short = ruled && rows.some((row) => row.at(-1) === '');
  if (counted) return quoted || alike || indented;
  // Lines below may be values, and values lines below.
  const unbounded =
    isBlank(output) ||
    (single && style.format === 'aligned' && style.border === 0) ||
    (output.below.length > 0 && (single || style.border === 0));
  const prose = printed.some((line) => /: |:$|, | \||\| /.test(line));
  const again = rows.some((row) => row.join('|') === columns.join('|'));
  const doubtful =
    order === 'contains' && (single || again || short || (style.format === 'aligned' ? style.border === 0 : prose));
  return quoted || alike || unbounded || doubtful;
}

function isCounted({ footer, format }: Style): boolean {
  return footer && (format === 'aligned' || format === 'unaligned');
}

/** Where the page's columns are: those of one name from left to right, all or none of them. */
function placesOf(wanted: readonly string[], names: readonly string[]): number[] | undefined {
  const places: number[] = [];
  for (const [i, name] of wanted.entries()) {
    const same = names.flatMap((other, c) => (other === name ? [c] : []));
    if (same.length !== wanted.filter((other) => other === name).length) return undefined;
    const before = wanted.slice(0, i).filter((other) => other === name).length;
    const place = same[before];
    if (place === undefined) return undefined;
    places.push(place);
  }
  return places;
}

/** Only a title that psql centres may go unnamed. */
function sameAbove(wanted: readonly string[], { above, style, ...sheet }: Drawn): boolean {
  const none = style.format === 'csv' || (style.format === 'expanded' && sheet.rows.length === 0);
  if (style.title === '' || none) return sameLines(wanted, above);
  const centred = style.format === 'aligned' && print(sheet, style)[0]?.startsWith('  ') === true;
  return sameLines(wanted, [...above, style.title]) || (centred && sameLines(wanted, above));
}

function sameLines(wanted: readonly string[], lines: readonly string[]): boolean {
  return wanted.length === lines.length && wanted.every((line, i) => piecesFit(readPieces(line, {}), lines[i] ?? ''));
}

/** Tries all ways to give each expected row a row of its own. */
function sameRows(
  wanted: readonly (readonly string[])[],
  rows: readonly (readonly string[])[],
  order: RowOrder,
): boolean {
  if (order !== 'contains' && wanted.length !== rows.length) return false;
  const fits = (i: number, j: number): boolean =>
    wanted[i]?.every((cell, c) => cellFits(cell, rows[j]?.[c] ?? '')) === true;
  if (order === 'exact') return wanted.every((_, i) => fits(i, i));
  const place = (i: number, free: readonly number[]): boolean =>
    i === wanted.length ||
    free.some(
      (j) =>
        fits(i, j) &&
        place(
          i + 1,
          free.filter((other) => other !== j),
        ),
    );
  return place(0, [...rows.keys()]);
}

/** A tab is met by a tab, and by the blanks that aligned forms have for it. */
function cellFits(cell: string, value: string): boolean {
  const pieces = readPieces(plain(cell), {});
  const shown = plain(withoutTabs(value));
  return (
    piecesFit(pieces, plain(value)) ||
    piecesFit(pieces, shown) ||
    piecesFit(readPieces(plain(withoutTabs(cell)), {}), shown)
  );
}

/** The cell without blanks around its lines, and without blank lines at its ends: aligned forms cannot show them. */
function plain(cell: string): string {
  return cell
    .split('\n')
    .map((line) => line.trim())
    .join('\n')
    .trim();
}

function without(drawn: Drawn, name: string): Drawn {
  const kept = <T>(list: readonly T[]): T[] => list.filter((_, c) => drawn.columns[c] !== name);
  return { ...drawn, columns: kept(drawn.columns), right: kept(drawn.right), rows: drawn.rows.map((row) => kept(row)) };
}

function* simplerDrawn(drawn: Drawn): Generator<Drawn> {
  if (drawn.above.length > 0) yield { ...drawn, above: [] };
  if (drawn.below.length > 0) yield { ...drawn, below: [] };
  if (drawn.style.title !== '') yield { ...drawn, style: { ...drawn.style, title: '' } };
  for (const [i] of drawn.rows.entries()) yield { ...drawn, rows: drawn.rows.toSpliced(i, 1) };
  if (drawn.columns.length > 1)
    for (const name of new Set(drawn.columns))
      if (drawn.columns.some((other) => other !== name)) yield without(drawn, name);
  if (drawn.right.includes(true)) yield { ...drawn, right: drawn.right.map(() => false) };
  const { style } = drawn;
  if (JSON.stringify(style) !== JSON.stringify(plainStyle)) yield { ...drawn, style: plainStyle };
  if (style.lines !== 'ascii') yield { ...drawn, style: { ...style, lines: 'ascii' } };
  if (style.border !== 1) yield { ...drawn, style: { ...style, border: 1 } };
  if (!style.footer) yield { ...drawn, style: { ...style, footer: true } };
  for (const [i, row] of drawn.rows.entries()) {
    for (const [c, cell] of row.entries()) {
      if (cell !== '' && cell !== 'a') yield { ...drawn, rows: drawn.rows.with(i, row.with(c, 'a')) };
      if (cell !== '') yield { ...drawn, rows: drawn.rows.with(i, row.with(c, '')) };
    }
  }
}

async function complaint(of: TableCase, verdict: Verdict): Promise<string | undefined> {
  return verdict.passed ? lostPlaceholder(of) : badAcceptance(of);
}

/** What `accept` writes has to pass; it can write all that can be read and has the page's columns. */
async function badAcceptance(of: TableCase): Promise<string | undefined> {
  if (placesOf(of.page.columns, of.output.columns) === undefined || isRefusable(of.output, of.order)) return undefined;
  // Without a footer an unnamed line below may be a row.
  if (!isCounted(of.output.style) && of.output.below.length > 0) return undefined;
  // In a single column such a value would be read as the page's footer.
  if (of.page.columns.length === 1 && of.output.rows.some((row) => row.some(isFooter))) return undefined;
  const accepted = await accept(trial(of));
  if ('problem' in accepted) return `accept: ${accepted.problem}`;
  const after = { ...trial(of), body: accepted.body };
  const read = readTrial(after);
  if ('refused' in read) return `accept wrote a page that is refused: ${read.refused}`;
  const { passed } = await judge(read.expectation, after, undefined);
  return passed ? undefined : `accept wrote what does not pass:\n${accepted.body.join('\n')}`;
}

async function accept(of: Trial): Promise<{ readonly body: string[] } | { readonly problem: string }> {
  const read = readTrial(of);
  if ('refused' in read) return { problem: read.refused };
  const output = await linesOf(of.output);
  const merged = mergeAccepted({ expectation: read.expectation, body: of.body, output, values: {} });
  return 'problem' in merged ? merged : { body: applyHunks(of.body, merged.hunks) };
}

/** One literal cell comes otherwise: `accept` keeps all placeholders. */
async function lostPlaceholder(of: TableCase): Promise<string | undefined> {
  if (of.order !== 'exact') return undefined;
  const indexes = placesOf(of.page.columns, of.output.columns) ?? [];
  const holes = (lines: readonly string[]): number => lines.join('\n').match(/(?<!\\)\{\{/g)?.length ?? 0;
  for (const [i, row] of of.page.rows.entries()) {
    const c = row.findIndex((cell) => cell !== '' && !cell.includes('{{') && !isFooter(cell));
    const place = indexes[c];
    if (place === undefined) continue;
    const rows = of.output.rows.with(i, (of.output.rows[i] ?? []).with(place, 'changed'));
    const output = { ...of.output, rows };
    const other = settled({ ...of, output });
    if (isRefusable(other.output, of.order)) return undefined;
    const accepted = await accept(trial(other));
    if ('problem' in accepted) return `accept of a changed cell: ${accepted.problem}`;
    if (holes(accepted.body) < holes(trial(other).body))
      return `accept of a changed cell lost a placeholder:\n${accepted.body.join('\n')}`;
    return undefined;
  }
  return undefined;
}
