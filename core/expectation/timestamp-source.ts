const clock = '(?:[01][0-9]|2[0-4]):[0-5][0-9]';
const seconds = '(?::(?:[0-5][0-9]|60)(?:[.,][0-9]{1,9})?)';
/** Without a leading zero, as Windows and people write hours. */
const looseClock = '(?:[01]?[0-9]|2[0-4]| [0-9]):[0-5][0-9]';
const halfDay = '(?: (?:AM|PM))';
const offset = '[+-][0-9]{2}(?::?[0-9]{2}(?::[0-9]{2})?)?';
const zone = `(?: ?(?:Z|${offset})| [A-Z]{2,5})`;
const wordZone = `(?: (?:[A-Z]{2,5}|${offset}))`;
const monthNumber = '(?:0[1-9]|1[0-2])';
const dayNumber = '(?:0[1-9]|[12][0-9]|3[01])';
const looseMonth = '(?:0?[1-9]|1[0-2])';
const looseDay = '(?:0?[1-9]|[12][0-9]|3[01])';
const year = '[0-9]{4}';
// English and German; `Mar` and `Mär` are the same month.
const month = '(?:Jan|Feb|Mar|Mär|Mrz|Apr|May|Mai|Jun|Jul|Aug|Sep|Oct|Okt|Nov|Dec|Dez)\\.?';
const weekday = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|(?:Mo|Di|Mi|Do|Fr|Sa|So)\\.?)';
const longMonth = '(?:January|February|March|April|May|June|July|August|September|October|November|December)';
const longWeekday = '(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day';
const day = '[ 0-3]?[0-9]';
const eastMonth = '(?:0?[1-9]|1[0-2])[月월]';
const eastDay = '(?:0?[1-9]|[12][0-9]|3[01])[日일]';
const eastWeekday =
  '(?:[日月火水木金土]曜日?|星期[一二三四五六日]|周[一二三四五六日]|[일월화수목금토]요일|[(（][日月火水木金土][)）])';

/** The regular expression of points in time, as PostgreSQL, its programs, date(1), syslog and Windows write them. */
export const timestampSource = `(?:${[
  // PostgreSQL's ISO style, its log's %t and %m, ISO 8601, and Windows' slashes.
  `${year}[-/]${monthNumber}[-/]${dayNumber}(?:[ T]${clock}|  ?${looseClock})${seconds}?${halfDay}?${zone}?(?: BC)?`,
  // syslog (RFC 3164), ctime, date(1), pg_controldata, PostgreSQL's own style.
  `(?:${weekday} )?${month} ${day} ${clock}${seconds}${halfDay}?${wordZone}?(?: ${year})?${wordZone}?(?: BC)?`,
  // date -R, date(1) in other countries, PostgreSQL's own style with the day first.
  `(?:${weekday},? )?${day}\\.? ${month}(?: ${year})?,? ${clock}${seconds}${halfDay}?${zone}?(?: ${year})?${wordZone}?(?: BC)?`,
  // PostgreSQL's SQL and German styles, and Windows in English.
  `(?:${weekday} )?(?:${looseMonth}/${looseDay}|${looseDay}/${looseMonth})/${year},?  ?${looseClock}${seconds}?${halfDay}?${zone}?(?: BC)?`,
  `(?:${weekday},? )?${looseDay}\\.${looseMonth}\\.${year},? ${looseClock}${seconds}?${zone}?(?: BC)?`,
  `(?:${longWeekday}, )?${longMonth} ${looseDay}, ${year} ${looseClock}${seconds}?${halfDay}?${zone}?`,
  // Japanese, Chinese and Korean.
  `${year}[年년] {0,2}${eastMonth} {0,2}${eastDay} {0,2}(?:${eastWeekday} ?)?(?:午前|午後|上午|下午|오전|오후)? ?[0-9]{1,2}(?::[0-5][0-9]${seconds}?|[時时点시] ?[0-5]?[0-9][分분](?: ?[0-6]?[0-9](?:\\.[0-9]{1,9})?[秒초])?)${zone}?`,
].join('|')})`;
