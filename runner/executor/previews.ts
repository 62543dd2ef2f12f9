import { cutDiff } from '../../core/expectation/cut-diff.ts';
import type { Execution, Preview } from './executor.ts';
import type { OutputReader } from './output-reader.ts';

/** Milliseconds between two looks at what a step has printed. */
const interval = 100;
/** A look that took long is followed by a pause as many times as long. */
const restFactor = 20;
/** Rows, and UTF-16 units of one text and of all. */
const shownDiff = { rows: 400, text: 2000, all: 256 * 1024 };
/** UTF-16 units of the output's end. */
const shownOutput = 16 * 1024;

/** Shows what a step prints while it runs, until the returned function is called. Bounded, however much that is. */
export function startPreviews(
  step: string,
  reader: OutputReader,
  { listener, redactor }: Pick<Execution, 'listener' | 'redactor'>,
): () => void {
  // Also of a step that is still silent: all that is expected may still come.
  let seen: number | undefined;
  let restUntil = 0;
  const look = (): Preview => {
    if (!reader.compares) return { diff: undefined, output: redactor.tail(reader.last(2 * shownOutput), shownOutput) };
    const diff = reader.preview();
    return { diff: diff && cutDiff(diff, { ...shownDiff, shorten: redactor.head }), output: '' };
  };
  const clock = setInterval(() => {
    const began = performance.now();
    if (reader.revision === seen || began < restUntil) return;
    seen = reader.revision;
    const preview = look();
    restUntil = began + restFactor * (performance.now() - began);
    listener.preview(step, preview);
  }, interval);
  return () => clearInterval(clock);
}
