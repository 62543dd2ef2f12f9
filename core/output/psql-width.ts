import { psqlVersions, psqlWidths } from './psql-width-table.ts';

/** A psql release whose widths are known. */
export type PsqlVersion = (typeof psqlVersions)[number];

/** All psql releases whose widths are known, the usual one first: Debian 12 has 15. */
export const knownPsqls: readonly PsqlVersion[] = [15, ...psqlVersions.filter((version) => version !== 15)];

/** The columns that psql of that major version counts for a text without control characters when it aligns a table. */
export function psqlWidth(text: string, version = 15): number {
  if (!/[^ -~]/.test(text)) return text.length;
  const widths = widthsOf(version);
  let width = 0;
  for (const character of text) width += widthAt(widths, character.codePointAt(0) ?? 0);
  return width;
}

/** The UTF-16 index at which psql's column `column` (0-based) begins; undefined inside a wide character or beyond the end. */
export function indexAtPsqlColumn(text: string, column: number, version = 15): number | undefined {
  const widths = widthsOf(version);
  let at = 0;
  let index = 0;
  for (const character of text) {
    const width = widthAt(widths, character.codePointAt(0) ?? 0);
    if (at >= column && (at > column || width > 0)) return at === column ? index : undefined;
    at += width;
    index += character.length;
  }
  return at === column ? index : undefined;
}

/** Code points in ascending order at which the width changes, each with the width from there on. */
type Widths = { readonly starts: readonly number[]; readonly widths: readonly number[] };

const tables = new Map<number, Widths>();

function widthsOf(version: number): Widths {
  const place = Math.max(
    0,
    psqlVersions.findLastIndex((known) => known <= version),
  );
  const known = tables.get(place);
  if (known !== undefined) return known;
  const ranges = Object.entries(psqlWidths)
    .flatMap(([widths, list]) => {
      const width = Number(widths[place]);
      return [...list.matchAll(/([\da-f]+)(?:-([\da-f]+))?/g)].map(([, first = '', last = first]) => ({
        first: Number.parseInt(first, 16),
        last: Number.parseInt(last, 16),
        width,
      }));
    })
    .sort((a, b) => a.first - b.first);
  const starts: number[] = [];
  const widths: number[] = [];
  for (const { first, last, width } of ranges) {
    starts.push(first, last + 1);
    widths.push(width, 1);
  }
  const table = { starts, widths };
  tables.set(place, table);
  return table;
}

function widthAt({ starts, widths }: Widths, code: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= code) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? 1 : (widths[low - 1] ?? 1);
}
