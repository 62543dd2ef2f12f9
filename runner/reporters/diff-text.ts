import pc from 'picocolors';
import type { CellDiff, Diff, DiffRow } from '../../core/expectation/model.ts';
import { visible } from './visible.ts';

/** How a diff is drawn: with colours or not, and at most how many rows. */
export type DiffStyle = { readonly color: boolean; readonly limit?: number };

/** A diff as lines of text: `-` expected but missing, `+` came unexpectedly, `~` differs in cells, `?` not there yet, `:` by an ellipsis. */
export function renderDiff(diff: Diff, { color, limit = 200 }: DiffStyle): string[] {
  const paint = pc.createColors(color);
  const lines = nearChanges(diff.rows).flatMap((row) => renderRow(row, paint));
  const problem = diff.problem === undefined ? [] : [paint.red(`! ${visible(diff.problem)}`)];
  const shown = lines.length > limit ? [...lines.slice(0, limit), paint.dim(`… ${lines.length - limit} more`)] : lines;
  return [...problem, ...shown];
}

const context = 3;

/** Rows that differ with a few around them; long stretches that match are only counted. */
function nearChanges(rows: readonly DiffRow[]): readonly DiffRow[] {
  const quiet = (row: DiffRow): boolean => row.kind === 'matched' || row.kind === 'elided';
  const near = rows.map(() => false);
  rows.forEach((row, index) => {
    if (!quiet(row)) near.fill(true, Math.max(0, index - context), index + context + 1);
  });
  const kept: DiffRow[] = [];
  rows.forEach((row, index) => {
    const last = kept.at(-1);
    if (near[index]) kept.push(row);
    else if (row.kind === 'elided') kept.push(row);
    else if (last?.kind === 'elided' && last.why === 'long') kept[kept.length - 1] = { ...last, count: last.count + 1 };
    else kept.push({ kind: 'elided', count: 1, why: 'long' });
  });
  return kept;
}

function renderRow(row: DiffRow, paint: ReturnType<typeof pc.createColors>): readonly string[] {
  switch (row.kind) {
    case 'matched':
      return [`  ${visible(row.actual)}`];
    case 'pending':
      return [paint.dim(`? ${visible(row.text)}`)];
    case 'missing':
      return [paint.red(`- ${visible(row.text)}`)];
    case 'misplaced':
      return [paint.red(`- ${visible(row.text)}`), paint.dim(`    came on line ${row.line}, not here`)];
    case 'unexpected':
      return [paint.green(`+ ${visible(row.actual)}`), ...noteLine(row.note, paint)];
    case 'elided':
      return renderElided(row, paint);
    case 'differs':
      return [
        `~ ${row.cells.map((cell) => renderCell(cell, paint)).join(' | ')}`,
        ...row.cells.flatMap(({ column, note }) => (note === undefined ? [] : noteLine(`${column}: ${note}`, paint))),
      ];
  }
}

function renderElided(row: Extract<DiffRow, { kind: 'elided' }>, paint: ReturnType<typeof pc.createColors>): string[] {
  if (row.count === 0) return [];
  const lines = (count: number): string => `${count} ${count === 1 ? 'line' : 'lines'}`;
  const head = paint.dim(`  … ${lines(row.count)}${row.why === 'ellipsis' ? ' by `...`' : ' alike'}`);
  return [
    head,
    ...(row.shown ?? []).flatMap(({ line, text }, index, all) => {
      const gap = line - (all[index - 1]?.line ?? line - 1) - 1;
      const left = gap > 0 ? [paint.dim(`: … ${lines(gap)} more`)] : [];
      return [...left, paint.dim(`: ${visible(text)}`)];
    }),
  ];
}

function noteLine(note: string | undefined, paint: ReturnType<typeof pc.createColors>): string[] {
  return note === undefined ? [] : [paint.yellow(`    ${visible(note)}`)];
}

function renderCell({ column, expected, actual, same }: CellDiff, paint: ReturnType<typeof pc.createColors>): string {
  if (same) return `${visible(column)}: ${visible(actual)}`;
  return `${visible(column)}: ${paint.red(`-[${visible(expected)}]`)} ${paint.green(`+[${visible(actual)}]`)}`;
}
