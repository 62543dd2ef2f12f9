import { closeSync, openSync, readSync } from 'node:fs';
import type { RunEvent } from '../../core/run/model.ts';
import { emptyRun, type RunState, reduceRun } from '../../core/run/state.ts';

const pieceSize = 1024 * 1024;
const output = Buffer.from('{"kind":"output"');
const started = Buffer.from('{"kind":"run-started"');

/** What a run log's first event says; undefined when it has none. */
export function runBeginning(path: string): Extract<RunEvent, { kind: 'run-started' }> | undefined {
  for (const line of linesOf(path)) {
    return line.subarray(0, started.length).equals(started) ? JSON.parse(line.toString()) : undefined;
  }
  return undefined;
}

/** Folds a run log without the steps' output, which may be far more than fits in memory. A torn last line is ignored. */
export function readRunOutline(path: string): RunState {
  let state = emptyRun;
  for (const line of linesOf(path)) {
    if (line.subarray(0, output.length).equals(output)) continue;
    state = reduceRun(state, JSON.parse(line.toString()) as RunEvent);
  }
  return state;
}

function* linesOf(path: string): Generator<Buffer> {
  const file = openSync(path, 'r');
  const piece = Buffer.allocUnsafe(pieceSize);
  let rest: Buffer = Buffer.alloc(0);
  try {
    for (let count = readSync(file, piece); count > 0; count = readSync(file, piece)) {
      const bytes = Buffer.concat([rest, piece.subarray(0, count)]);
      let from = 0;
      for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
        yield bytes.subarray(from, end);
        from = end + 1;
      }
      rest = bytes.subarray(from);
    }
  } finally {
    closeSync(file);
  }
}
