import type { CastEvent, CastHeader } from './model.ts';
import { visibleJson as json } from './visible-json.ts';

/** Turns a recording into lines of a `.cast` file as it goes on. Every text returned ends with a line end, or is empty. */
export type CastEncoder = {
  readonly header: (header: CastHeader) => string;
  readonly event: (event: CastEvent) => string;
  /** What was still kept back: half a character whose other half never came. */
  readonly end: () => string;
};

/** Makes an encoder for one recording. Bytes that are no UTF-8 (lone surrogates) become U+FFFD. */
export function createCastEncoder(): CastEncoder {
  let written = 0;
  let half = '';
  const line = (at: number, code: string, data: string): string => {
    // Rounding the time instead of each interval keeps long recordings from drifting; a clock set back is no interval.
    const interval = Math.max(0, Math.round(at) - written);
    written += interval;
    return `[${(interval / 1000).toFixed(3)}, ${json(code)}, ${json(data)}]\n`;
  };
  return {
    header: encodeHeader,
    event(event) {
      if (event.kind !== 'output') return line(event.at, codeOf(event), dataOf(event));
      const data = half + event.data;
      half = /[\uD800-\uDBFF]$/.exec(data)?.[0] ?? '';
      const whole = data.slice(0, data.length - half.length);
      return whole === '' ? '' : line(event.at, 'o', whole);
    },
    end() {
      const rest = half;
      half = '';
      return rest === '' ? '' : line(written, 'o', rest);
    },
  };
}

/** A whole recording as the text of a `.cast` file. */
export function encodeCast(header: CastHeader, events: readonly CastEvent[]): string {
  const encoder = createCastEncoder();
  return [encoder.header(header), ...events.map(encoder.event), encoder.end()].join('');
}

function encodeHeader(header: CastHeader): string {
  const { columns, rows, terminal, timestamp, idleTimeLimit, command, title, environment, tags } = header;
  const term = { cols: columns, rows, type: terminal };
  return `${json({ version: 3, term, timestamp, idle_time_limit: idleTimeLimit, command, title, env: environment, tags })}\n`;
}

function codeOf(event: CastEvent): string {
  if (event.kind === 'other') return event.code;
  return { output: 'o', input: 'i', marker: 'm', resize: 'r', exit: 'x' }[event.kind];
}

function dataOf(event: CastEvent): string {
  switch (event.kind) {
    case 'marker':
      return event.label;
    case 'resize':
      return `${event.columns}x${event.rows}`;
    case 'exit':
      return String(event.code);
    default:
      return event.data;
  }
}
