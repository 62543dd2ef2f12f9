import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Cluster } from '../peers/regression/cluster.ts';
import { print, type Sheet, type Style } from './psql-printer.ts';
import { Random, seedOf } from './random.ts';
import { makeSheet, makeStyle } from './sheets.ts';

const directory = mkdtempSync(join(tmpdir(), 'tejun-printer-'));
chmodSync(directory, 0o755);
const cluster = new Cluster(join(directory, 'server'), '15', {});
after(() => {
  cluster.stop();
  rmSync(directory, { recursive: true, force: true });
});

test('the printer draws 2,000 tables as psql does', () => {
  const tables = Array.from({ length: 2000 }, (_, index) => {
    const random = new Random(seedOf(15, index));
    return { sheet: makeSheet(random), style: makeStyle(random) };
  });
  const mark = (index: number): string => `=== ${index}`;
  const input = tables
    .map(({ sheet, style }, index) => `\\echo '${mark(index)}'\n${settingsOf(style)}\n${queryOf(sheet)};\n`)
    .join('');
  const where = ['-h', cluster.socket, '-U', 'postgres', '-d', 'regression'];
  const environment = { ...process.env, PGCLIENTENCODING: 'UTF8', LC_ALL: 'C.UTF-8' };
  const output = execFileSync('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', ...where], {
    input,
    encoding: 'utf8',
    env: environment,
  });
  tables.forEach(({ sheet, style }, index) => {
    const from = output.indexOf(`${mark(index)}\n`) + mark(index).length + 1;
    const end = index + 1 < tables.length ? output.indexOf(`${mark(index + 1)}\n`, from) : output.length;
    // Blanks at the end of a line never count.
    const ended = (lines: readonly string[]): string[] => lines.map((line) => line.trimEnd());
    const real = output.slice(from, end).replace(/\n$/, '').split('\n');
    const printed = print(sheet, style);
    assert.deepEqual(
      ended(printed.length === 0 ? [''] : printed),
      ended(real),
      `table ${index}: ${JSON.stringify(style)}`,
    );
  });
});

function settingsOf({ format, border, lines, separator, footer, title }: Style): string {
  return [
    `format ${format === 'expanded' ? 'aligned' : format}`,
    `expanded ${format === 'expanded' ? 'on' : 'off'}`,
    `border ${border}`,
    `linestyle ${lines}`,
    `fieldsep '${separator === '\t' ? '\\t' : separator}'`,
    `footer ${footer ? 'on' : 'off'}`,
    title === '' ? 'title' : `title '${title}'`,
  ]
    .map((setting) => `\\pset ${setting}`)
    .join('\n');
}

function queryOf({ columns, rows, right }: Sheet): string {
  const select = (cells: readonly string[]): string =>
    `select ${cells.map((cell, c) => `${literal(cell)}${right[c] ? '::numeric' : '::text'} as "${columns[c]?.replaceAll('"', '""')}"`).join(', ')}`;
  const empty = `${select(columns.map(() => '1'))} where false`;
  return rows.length === 0 ? empty : rows.map(select).join('\nunion all ');
}

function literal(text: string): string {
  return text === '' ? 'null' : `'${text.replaceAll("'", "''")}'`;
}
