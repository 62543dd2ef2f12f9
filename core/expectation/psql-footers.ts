/** The number in psql's footer line, as `(3 rows)`, in every language that psql has been translated into. */
export function footerOf(line: string): number | undefined {
  const found = footer.exec(line);
  const digits = found?.[1] ?? found?.[2];
  return digits === undefined ? undefined : Number(digits);
}

// `msgid "(%lu row)"` in PostgreSQL's src/bin/psql/po/*.po, versions 10 to 18. A rule for any word would take a
// message as `(2 errors)` for a footer.
const words: Readonly<Record<string, string>> = {
  en: 'row|rows',
  cs: 'řádka|řádky|řádek',
  de: 'Zeile|Zeilen',
  el: 'σειρά|σειρές',
  es: 'fila|filas|registro|registros',
  fr: 'ligne|lignes',
  he: 'שורה|שורות',
  it: 'riga|righe',
  ja: '行',
  ka: 'მწკრივი|სტრიქონი',
  pl: 'wiersz|wiersze|wierszy',
  pt_BR: 'linha|linhas|registro|registros',
  ru: 'строка|строки|строк',
  sv: 'rad|rader',
  tr: 'satır',
  uk: 'рядок|рядки|рядків|рядка',
  zh_CN: '行|行记录',
  zh_TW: '筆資料|筆資料列|資料列',
};
const count = '(0|[1-9]\\d{0,14})';
const footer = new RegExp(`^(?:\\(${count}(?: (?:${Object.values(words).join('|')})|개 행)\\)|（${count} 行）)$`);
