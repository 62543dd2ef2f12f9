const number = '[0-9]+(?:[.,][0-9]+)?';
const clock = '[0-9]+:(?:[0-5][0-9]|60)(?::(?:[0-5][0-9]|60))?(?:[.,][0-9]+)?';
// A longer name stands before what it begins with.
const unit = `(?:${[
  'nanoseconds|nanosecond|ns|microseconds|microsecond|usecs|usec|us|µs|μs',
  'milliseconds|millisecond|msecs|msec|ms|seconds|second|secs|sec|s|minutes|minute|mins|min|months|month|mons|mon|m',
  'hours|hour|hrs|hr|h|days|day|d|weeks|week|w|years|year|yrs|yr|y',
  'マイクロ秒|ミリ秒|毫秒|秒|分|時間|小时|日|天|週間|か月|ヶ月|年|밀리초|초|분|시간|일',
  'мкс|мс|мин|секунд|сек|с|час|ч|дней|дня|день|дн\\.|д\\.|д|მწმ|წმ|წთ|სთ|დღე',
].join('|')})`;
const span = `[+-]?${number} ?${unit}`;
const spans = `${span}(?:,? ?${span}){0,7}`;
// psql's `\timing`, in the languages that it is translated into, with what it adds from a second on.
const timing = `${number} ?(?:ms|ミリ秒|მწმ|мс) ?[(（](?:[0-9]+ (?:d|日|დღე|д\\.) )?${clock}[)）]`;
const date = '(?:-?[0-9]+Y(?:-?[0-9]+M)?(?:-?[0-9]+D)?|-?[0-9]+M(?:-?[0-9]+D)?|-?[0-9]+[DW])';
const isoSeconds = '-?[0-9]+(?:[.,][0-9]+)?S';
const isoTime = `T(?:-?[0-9]+H(?:-?[0-9]+M)?(?:${isoSeconds})?|-?[0-9]+M(?:${isoSeconds})?|${isoSeconds})`;

/** The regular expression of lengths of time, as PostgreSQL (in every `intervalstyle`), psql and other programs write them. */
export const durationSource = `(?:${[
  timing,
  `@ (?:0|${spans})(?: ago)?`,
  `P(?:${date}(?:${isoTime})?|${isoTime})`,
  `[+-]?[0-9]+-(?:1[01]|[0-9])(?: [+-]?[0-9]+ [+-]?${clock})?`,
  `[+-]?[0-9]+ [+-]?${clock}`,
  `(?:[+-]?[0-9]+ ?(?:years|year|mons|mon|days|day|d|日) ?){0,3}[+-]?${clock}`,
  `${spans}(?: ago)?`,
].join('|')})`;
