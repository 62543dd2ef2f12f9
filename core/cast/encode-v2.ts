import type { CastEvent, CastHeader } from './model.ts';
import { visibleJson } from './visible-json.ts';

/**
 * A whole recording in the older format asciicast v2, for players that do not know v3, such as asciinema 2 of Debian 12:
 * times count from the beginning, and there is no exit status. https://docs.asciinema.org/manual/asciicast/v2/
 */
export function encodeCastV2(header: CastHeader, events: readonly CastEvent[]): string {
  const { columns: width, rows: height, timestamp, idleTimeLimit, command, title, environment, terminal } = header;
  const env = terminal === undefined ? environment : { ...environment, TERM: terminal };
  const first = visibleJson({
    version: 2,
    width,
    height,
    timestamp,
    idle_time_limit: idleTimeLimit,
    command,
    title,
    env,
  });
  const lines = events.flatMap((event) => {
    const [code, data] = codeAndData(event);
    return code === undefined ? [] : [`[${(event.at / 1000).toFixed(3)}, "${code}", ${visibleJson(data)}]`];
  });
  return `${[first, ...lines].join('\n')}\n`;
}

function codeAndData(event: CastEvent): readonly [code: string | undefined, data: string] {
  switch (event.kind) {
    case 'output':
      return ['o', event.data];
    case 'input':
      return ['i', event.data];
    case 'marker':
      return ['m', event.label];
    case 'resize':
      return ['r', `${event.columns}x${event.rows}`];
    case 'exit':
    case 'other':
      return [undefined, ''];
  }
}
