import { AlignedTable, type Value } from './aligned-table.ts';
import { pointAt } from './error-position.ts';
import type { AnswerListener, ServerField, ServerText } from './server-message.ts';
import { visibleControls } from './visible-control.ts';

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
  readonly #version: number | undefined;
  readonly #write: (text: string) => void | Promise<void>;
  #table: AlignedTable | undefined;
  #rows: (readonly Value[])[] = [];
  #units = 0;
  #count = 0;
  #lines: string[] = [];
  #copied = '';
  #isCopyOut = false;
  readonly #decoder = new TextDecoder();

  /** `version`: the major version of the psql that is followed; undefined: the usual one. */
  constructor(query: string, write: (text: string) => void | Promise<void>, version?: number) {
    this.#query = query;
    this.#version = version;
    this.#write = write;
  }

  columns(fields: readonly ServerField[]): void {
    const columns = fields.map(({ name, dataTypeID }) => ({ name, right: rightTypes.has(dataTypeID) }));
    this.#table = new AlignedTable(columns, this.#version);
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
      // psql shows no status where it has shown the data, be it none.
      if (!this.#isCopyOut) this.#say(tag);
      this.#isCopyOut = false;
      return;
    }
    this.#lay();
    this.#lines.push(this.#count === 1 ? '(1 row)' : `(${this.#count} rows)`, '');
    this.#table = undefined;
    // With RETURNING: the table, and what was done. Of all others (CALL, FETCH, …) psql shows the table alone.
    if (/^(INSERT|UPDATE|DELETE|MERGE)\b/.test(tag)) this.#say(tag);
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
    this.#isCopyOut = false;
    this.#report(text, true);
  }

  notice(text: ServerText): void {
    this.#report(text, false);
  }

  notification({ channel, payload, processId }: { channel: string; payload: string; processId: number }): void {
    const what = payload === '' ? '' : ` with payload "${payload}"`;
    this.#say(`Asynchronous notification "${channel}"${what} received from server process with PID ${processId}.`);
  }

  copying(): void {
    this.#isCopyOut = true;
  }

  copied(chunk: Buffer): void {
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
    const isInner = text.position === undefined;
    const query = isInner ? text.internalQuery : this.#query;
    const position = Number(isInner ? text.internalPosition : text.position);
    if (query !== undefined) this.#lines.push(...pointAt(query, position, this.#version));
    if (detail !== undefined) this.#say(`DETAIL:  ${detail}`);
    if (hint !== undefined) this.#say(`HINT:  ${hint}`);
    if (text.internalQuery !== undefined) this.#say(`QUERY:  ${text.internalQuery}`);
    if (isError && where !== undefined) this.#say(`CONTEXT:  ${where}`);
  }

  #say(text: string): void {
    for (const line of text.split('\n')) this.#lines.push(visibleControls(line));
  }
}
