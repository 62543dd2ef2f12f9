import { decodeHeader, parseJson } from './decode-header.ts';
import type { CastEvent, CastHeader } from './model.ts';

/** What one line of a `.cast` file is. `nothing` is a comment or an empty line. */
export type CastLine =
  | { readonly kind: 'header'; readonly header: CastHeader }
  | { readonly kind: 'event'; readonly event: CastEvent }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'problem'; readonly reason: string };

/** A read recording, or the first line (1-based) that could not be read and why. */
export type ReadCast =
  | { readonly kind: 'cast'; readonly header: CastHeader; readonly events: readonly CastEvent[] }
  | { readonly kind: 'problem'; readonly line: number; readonly reason: string };

/** Makes a reader that takes a recording's lines in order, without their line ends, so that players need not wait for all. */
export function createCastDecoder(): (line: string) => CastLine {
  let headerRead = false;
  // Whole microseconds: sums of decimal fractions would drift.
  let time = 0;
  return (line) => {
    if (!headerRead) {
      const read = decodeHeader(line);
      if (read.kind === 'header') headerRead = true;
      return read;
    }
    if (line.trim() === '' || line.startsWith('#')) return { kind: 'nothing' };
    const entry = parseJson(line);
    if (entry === undefined) return problem('this line is no JSON: the recording was cut off here, or is damaged');
    if (!Array.isArray(entry)) return problem('an event is a JSON array `[interval, code, data]`');
    const [interval, code, data, ...more] = entry as readonly unknown[];
    if (typeof interval !== 'number' || !(interval >= 0 && interval < Number.POSITIVE_INFINITY))
      return problem('an interval is a number of seconds, not negative');
    if (typeof code !== 'string' || code === '') return problem('an event code is a letter, as in "o"');
    if (typeof data !== 'string' || more.length > 0) return problem('an event has one text after its code');
    time += Math.round(interval * 1e6);
    return decodeEvent(time / 1000, code, data);
  };
}

/** Reads the text of a `.cast` file. A last line torn by a crash is a problem, never left out in silence. */
export function decodeCast(text: string): ReadCast {
  const decode = createCastDecoder();
  const events: CastEvent[] = [];
  let header: CastHeader | undefined;
  let number = 0;
  for (const line of text.split(/\r?\n/)) {
    number++;
    const read = decode(line);
    if (read.kind === 'problem') return { ...read, line: number };
    if (read.kind === 'header') header = read.header;
    if (read.kind === 'event') events.push(read.event);
  }
  return header ? { kind: 'cast', header, events } : { ...problem('there is no header'), line: 1 };
}

function decodeEvent(at: number, code: string, data: string): CastLine {
  switch (code) {
    case 'o':
      return { kind: 'event', event: { at, kind: 'output', data } };
    case 'i':
      return { kind: 'event', event: { at, kind: 'input', data } };
    case 'm':
      return { kind: 'event', event: { at, kind: 'marker', label: data } };
    case 'r': {
      const [, columns, rows] = /^([1-9]\d*)x([1-9]\d*)$/.exec(data) ?? [];
      if (columns === undefined || rows === undefined)
        return problem('a resize is written as columns x rows: "120x30"');
      return { kind: 'event', event: { at, kind: 'resize', columns: Number(columns), rows: Number(rows) } };
    }
    case 'x':
      if (!/^-?\d+$/.test(data)) return problem('an exit status is a number in quotes: "0"');
      return { kind: 'event', event: { at, kind: 'exit', code: Number(data) } };
    default:
      return { kind: 'event', event: { at, kind: 'other', code, data } };
  }
}

function problem(reason: string): { readonly kind: 'problem'; readonly reason: string } {
  return { kind: 'problem', reason };
}
