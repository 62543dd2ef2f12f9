import { displayWidth } from '../../core/expectation/display-width.ts';
import { AlignedTable, type Value, visibleControl } from './aligned-table.ts';
import type { AnswerListener, ServerField, ServerText } from './server-message.ts';

/** Rows, and UTF-16 units of their values, by whose widths a table is laid out. */
const portion = { rows: 1000, units: 1024 * 1024 };

/** pg_type.oid of what psql aligns to the right: numbers, oid, xid, xid8, cid, money. */
const rightTypes: ReadonlySet<number> = new Set([20, 21, 23, 26, 28, 29, 700, 701, 790, 1700, 5069]);

/** Writes what a server answers as psql does. */
export class SqlOutput implements AnswerListener {
  /** Whether the server reported an error. */
  failed = false;
  /** What the server said when it ended the connection. */
  fatal: string | undefined;
  readonly #query: string;
  readonly #write: (text: string) => void | Promise<void>;
  #table: AlignedTable | undefined;
  #rows: (readonly Value[])[] = [];
  #units = 0;
  #count = 0;
  #lines: string[] = [];
  #copied = '';
  #wroteCopy = false;
  readonly #decoder = new TextDecoder();

  constructor(query: string, write: (text: string) => void | Promise<void>) {
    this.#query = query;
    this.#write = write;
  }

  columns(fields: readonly ServerField[]): void {
    this.#table = new AlignedTable(fields.map(({ name, dataTypeID }) => ({ name, right: rightTypes.has(dataTypeID) })));
    this.#count = 0;
  }

  row(values: readonly Value[]): void {
    this.#rows.push(values);
    this.#count++;
    for (const value of values) this.#units += value?.length ?? 0;
    if (this.#rows.length >= portion.rows || this.#units >= portion.units) this.#lay();
  }

  complete(tag: string): void {
    if (this.#table === undefined) {
      this.#endCopy();
      // As psql, which says nothing of the data that it has just written.
      if (!(this.#wroteCopy && tag.startsWith('COPY '))) this.#say(tag);
      this.#wroteCopy = false;
      return;
    }
    this.#lay();
    this.#lines.push(this.#count === 1 ? '(1 row)' : `(${this.#count} rows)`, '');
    this.#table = undefined;
    // INSERT … RETURNING and its like: the table, and what was done.
    if (!/^(SELECT|SHOW|FETCH|EXPLAIN|VALUES|TABLE)\b/.test(tag)) this.#say(tag);
  }

  error(text: ServerText): void {
    this.failed = true;
    if (text.severity !== undefined && text.severity !== 'ERROR') this.fatal = text.message;
    // psql shows nothing of a result that came to no end, except what it has shown already.
    if (this.#rows.length !== this.#count) this.#lay();
    this.#rows = [];
    this.#units = 0;
    this.#table = undefined;
    this.#endCopy();
    this.#report(text, true);
  }

  notice(text: ServerText): void {
    this.#report(text, false);
  }

  notification({ channel, payload, processId }: { channel: string; payload: string; processId: number }): void {
    const what = payload === '' ? '' : ` with payload "${payload}"`;
    this.#say(`Asynchronous notification "${channel}"${what} received from server process with PID ${processId}.`);
  }

  copied(chunk: Buffer): void {
    this.#wroteCopy = true;
    const lines = (this.#copied + this.#decoder.decode(chunk, { stream: true })).split('\n');
    this.#copied = lines.pop() ?? '';
    for (const line of lines) this.#say(line);
  }

  pause(): Promise<void> | undefined {
    if (this.#lines.length === 0) return undefined;
    const text = this.#lines.map((line) => `${line}\r\n`).join('');
    this.#lines = [];
    return this.#write(text) ?? undefined;
  }

  #lay(): void {
    if (this.#table === undefined) return;
    this.#lines.push(...this.#table.lines(this.#rows));
    this.#rows = [];
    this.#units = 0;
  }

  #endCopy(): void {
    if (this.#copied !== '') this.#say(this.#copied);
    this.#copied = '';
  }

  #report(text: ServerText, isError: boolean): void {
    const { severity = 'ERROR', message = '', detail, hint, where } = text;
    this.#say(`${severity}:  ${message}`);
    const inner = text.internalPosition !== undefined;
    const query = inner ? text.internalQuery : this.#query;
    const position = Number(inner ? text.internalPosition : text.position);
    if (query !== undefined && position > 0) this.#lines.push(...pointAt(query, position));
    if (detail !== undefined) this.#say(`DETAIL:  ${detail}`);
    if (hint !== undefined) this.#say(`HINT:  ${hint}`);
    if (inner && text.internalQuery !== undefined) this.#say(`QUERY:  ${text.internalQuery}`);
    if (isError && where !== undefined) this.#say(`CONTEXT:  ${where}`);
  }

  #say(text: string): void {
    for (const line of text.split('\n')) this.#lines.push(visible(line));
  }
}

/** The line of a query that is meant, and under it a mark; positions count characters from 1. */
function pointAt(query: string, position: number): readonly string[] {
  const before = Array.from(query)
    .slice(0, position - 1)
    .join('');
  const start = before.lastIndexOf('\n') + 1;
  const line = `LINE ${before.split('\n').length}: `;
  const text = query.slice(start).split('\n')[0]?.replace(/\r$/, '') ?? '';
  const left = visible(before.slice(start).replaceAll('\t', ' '));
  return [`${line}${visible(text.replaceAll('\t', ' '))}`, `${' '.repeat(displayWidth(line + left))}^`];
}

function visible(text: string): string {
  return /[\0-\x08\x0b-\x1f\x7f-\x9f]/.test(text)
    ? Array.from(text, (character) => (character === '\t' ? character : visibleControl(character))).join('')
    : text;
}
