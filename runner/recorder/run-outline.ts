import type { RunEvent } from '../../core/run/model.ts';
import { type RunState, reduceEvents } from '../../core/run/state.ts';
import { eventsWithoutOutput } from './run-log.ts';

/** What a run log's first event says; undefined when it has none. */
export function runBeginning(path: string): Extract<RunEvent, { kind: 'run-started' }> | undefined {
  for (const event of eventsWithoutOutput(path)) return event.kind === 'run-started' ? event : undefined;
  return undefined;
}

/** How far the run of a log came, without having read what its steps printed. */
export function readRunOutline(path: string): RunState {
  return reduceEvents(eventsWithoutOutput(path));
}
