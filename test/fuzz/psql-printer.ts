// psql's table forms as PostgreSQL's src/fe_utils/print.c draws them, written for this test; psql-printer.long.ts compares
// it with psql itself.

/** What a query gives. `right`: columns with numbers, which psql puts to the right. */
export type Sheet = {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly right: readonly boolean[];
};

/** How psql draws it. */
export type Style = {
  readonly format: 'aligned' | 'expanded' | 'unaligned' | 'csv';
  readonly border: 0 | 1 | 2;
  readonly lines: 'ascii' | 'old-ascii' | 'unicode';
  readonly separator: '|' | ',' | '\t';
  readonly footer: boolean;
  readonly title: string;
};

/** psql's usual form. */
export const plainStyle: Style = {
  format: 'aligned',
  border: 1,
  lines: 'ascii',
  separator: '|',
  footer: true,
  title: '',
};

/** The lines that psql prints. */
export function print(sheet: Sheet, style: Style): string[] {
  const shown = { ...sheet, rows: sheet.rows.map((row) => row.map(withoutTabs)) };
  switch (style.format) {
    case 'aligned':
      return printAligned(shown, style);
    case 'expanded':
      return printExpanded(shown, style);
    case 'unaligned':
      return printUnaligned(sheet, style);
    case 'csv':
      return [sheet.columns, ...sheet.rows].flatMap((row) => row.map(csvField).join(',').split('\n'));
  }
}

/** The cell with the blanks that aligned forms have for its tabs. */
export function withoutTabs(cell: string): string {
  let shown = '';
  for (const character of cell) {
    const width = widthOf(shown.slice(shown.lastIndexOf('\n') + 1));
    shown += character === '\t' ? ' '.repeat(8 - (width % 8)) : character;
  }
  return shown;
}

/** The columns that a character takes, for the characters that this test uses. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/\p{Mn}/u.test(character)) continue;
    width += /[\u1100-\u115f\u3000-\u303e\u3041-\u9fff\uac00-\ud7a3\uff01-\uff60\u{1f300}-\u{1f6ff}]/u.test(character)
      ? 2
      : 1;
  }
  return width;
}

type Corners = readonly [left: string, middle: string, right: string];
type Drawing = { h: string; v: string; top: Corners; middle: Corners; bottom: Corners; goes: string };

const ascii: Drawing = {
  h: '-',
  v: '|',
  top: ['+', '+', '+'],
  middle: ['+', '+', '+'],
  bottom: ['+', '+', '+'],
  goes: '+',
};
const drawings: Readonly<Record<Style['lines'], Drawing>> = {
  ascii,
  'old-ascii': { ...ascii, goes: ' ' },
  unicode: { h: '─', v: '│', top: ['┌', '┬', '┐'], middle: ['├', '┼', '┤'], bottom: ['└', '┴', '┘'], goes: '↵' },
};

function printAligned(sheet: Sheet, { border, lines, footer, title }: Style): string[] {
  const { h, v, top, middle, bottom, goes } = drawings[lines];
  const old = lines === 'old-ascii';
  const widths = sheet.columns.map((name, c) =>
    Math.max(...[name, ...sheet.rows.map((row) => row[c] ?? '')].flatMap((cell) => cell.split('\n').map(widthOf))),
  );
  const last = widths.length - 1;
  const rule = ([left, cross, right]: Corners): string => {
    const pieces = widths.map((width) => h.repeat(width));
    if (border === 0) return pieces.join(' ');
    const inner = h + pieces.join(h + cross + h) + h;
    return border === 1 ? inner : left + inner + right;
  };
  const header = sheet.columns.map((name, c) => {
    const room = (widths[c] ?? 0) - widthOf(name);
    const cell = ' '.repeat(Math.floor(room / 2)) + name + ' '.repeat(Math.ceil(room / 2));
    if (border === 0) return old ? (c > 0 ? ` ${cell}` : cell) : `${cell} `;
    return ` ${cell} `;
  });
  const body = sheet.rows.flatMap((row) => {
    const cells = row.map((cell) => cell.split('\n'));
    return Array.from({ length: Math.max(...cells.map((cell) => cell.length)) }, (_, k) => {
      let line = border === 2 ? v : '';
      cells.forEach((cell, c) => {
        const text = cell[k];
        const more = k + 1 < cell.length;
        const room = ' '.repeat((widths[c] ?? 0) - widthOf(text ?? ''));
        const padded = border === 2 || c < last;
        if (border !== 0) line += ' ';
        else if (old && c > 0) line += ' ';
        if (text === undefined) line += padded ? room : '';
        else if (sheet.right[c]) line += room + text;
        else line += text + (padded || more ? room : '');
        if (old && border === 0) return;
        if (more) line += goes;
        else if (padded) line += ' ';
        if (border === 0 || c === last) return;
        const next = cells[c + 1] ?? [];
        line += !old || k === 0 ? v : next[k] === undefined ? ' ' : ':';
      });
      return border === 2 ? line + v : line;
    });
  });
  const total =
    widths.reduce((sum, width) => sum + width, 0) +
    ([widths.length, widths.length * 3 - 1, widths.length * 3 + 1][border] ?? 0);
  const edge = border === 2 ? v : '';
  return [
    ...(title === '' ? [] : [' '.repeat(Math.max(0, Math.floor((total - widthOf(title)) / 2))) + title]),
    ...(border === 2 ? [rule(top)] : []),
    edge + header.join(border === 0 ? '' : v) + edge,
    rule(middle),
    ...body,
    ...(border === 2 ? [rule(bottom)] : []),
    ...(footer ? [countOf(sheet)] : []),
    '',
  ];
}

function printExpanded(sheet: Sheet, { border, lines, footer, title }: Style): string[] {
  if (sheet.rows.length === 0) return footer ? [countOf(sheet), ''] : [''];
  const { h, v, top, middle, bottom, goes } = drawings[lines];
  const names = Math.max(...sheet.columns.map(widthOf));
  const pieces = sheet.rows.flat().flatMap((cell) => cell.split('\n'));
  // Values are as wide as the line with the number of the record needs.
  const marks = border < 2 && lines !== 'old-ascii' && sheet.rows.flat().some((cell) => cell.includes('\n')) ? 1 : 0;
  const drawn = ([1, 3, 7][border] ?? 0) + marks;
  const head = String(sheet.rows.length).length + ([9, 12, 15][border] ?? 0);
  const values = Math.max(...pieces.map(widthOf), head - names - drawn);
  const rule = ([left, cross, right]: Corners, record: string): string => {
    const fill = border > 0 ? h : ' ';
    let line = (border === 2 ? left + h : border === 1 ? h : '') + record;
    let length = record.length + (border === 2 ? 0 : 1);
    if (border === 0) length = record.length + 1;
    for (; length < names; length++) line += fill;
    let beyond = length - names;
    if (record.length + (border === 2 ? 0 : 1) > names) beyond = record.length + (border === 2 ? 0 : 1) - names;
    if (border > 0) {
      if (beyond-- <= 0) line += h;
      if (beyond-- <= 0) line += cross;
      if (beyond-- <= 0) line += h;
    } else if (beyond-- <= 0) line += ' ';
    for (let i = Math.max(0, beyond); i < values; i++) line += fill;
    return border === 2 ? line + h + right : line;
  };
  const out = title === '' ? [] : [title];
  for (const [number, row] of sheet.rows.entries()) {
    const record = border === 0 ? `* Record ${number + 1}` : `[ RECORD ${number + 1} ]`;
    out.push(rule(number === 0 ? top : middle, record));
    row.forEach((value, c) => {
      value.split('\n').forEach((piece, k, pieces) => {
        const name = k === 0 ? (sheet.columns[c] ?? '') : '';
        const more = k + 1 < pieces.length;
        let line = border === 2 ? `${v} ` : '';
        line += name + ' '.repeat(names - widthOf(name));
        line += border === 0 ? ' ' : ` ${lines === 'old-ascii' && k > 0 ? ':' : v} `;
        line += piece;
        if (more || border === 2) line += ' '.repeat(values - widthOf(piece));
        if (more) line += lines === 'old-ascii' ? (border === 2 ? ' ' : '') : goes;
        else if (border === 2) line += ' ';
        out.push(border === 2 ? line + v : line);
      });
    });
  }
  if (border === 2) out.push(rule(bottom, ''));
  return [...out, ''];
}

function printUnaligned(sheet: Sheet, { separator, footer, title }: Style): string[] {
  const rows = [sheet.columns, ...sheet.rows].flatMap((row) => row.join(separator).split('\n'));
  return [...(title === '' ? [] : [title]), ...rows, ...(footer ? [countOf(sheet)] : [])];
}

function countOf({ rows }: Sheet): string {
  return rows.length === 1 ? '(1 row)' : `(${rows.length} rows)`;
}

function csvField(text: string): string {
  return /[",\n\r]/.test(text) || text === '\\.' ? `"${text.replaceAll('"', '""')}"` : text;
}
