import assert from 'node:assert/strict';
import { test } from 'node:test';
import { footerOf } from './psql-footers.ts';

// As psql's message catalogues have them, singular and all plurals.
const footers = [
  '(2 row) (2 rows) (2 řádka) (2 řádky) (2 řádek) (2 Zeile) (2 Zeilen) (2 σειρά) (2 σειρές) (2 fila) (2 filas)',
  '(2 ligne) (2 lignes) (2 שורה) (2 שורות) (2 riga) (2 righe) (2 行) (2 მწკრივი) (2개 행) (2 wiersz) (2 wiersze)',
  '(2 wierszy) (2 linha) (2 registros) (2 строка) (2 строки) (2 строк) (2 rad) (2 rader) (2 satır) (2 рядок)',
  '(2 рядки) (2 рядків) (2 рядка) (2 行记录) （2 行） (2 筆資料) (2 筆資料列)',
].flatMap((line) => line.match(/[(（].*?[)）]/g) ?? []);

test('footers in every language say the number of rows', () => {
  assert.equal(footers.length, 39);
  for (const footer of footers) assert.equal(footerOf(footer), 2, footer);
  assert.equal(footerOf('(0 rows)'), 0);
});

test('a line that only looks like a footer is none', () => {
  for (const line of [
    '(2 errors)',
    '(02 rows)',
    '(2  rows)',
    ' (2 rows)',
    '(2 rows) ',
    '(2 개 행)',
    '（2 rows）',
    '(-1 rows)',
  ])
    assert.equal(footerOf(line), undefined, line);
});
