/** Keeps the beginning and the end of an output of any length, by whole lines. */
export type KeptOutput = {
  add(lines: readonly string[]): void;
  text(): string;
  /** Whole lines from the end, at least `units` UTF-16 units of them if there are as many. */
  last(units: number): string[];
  count(): number;
};

/** Keeps at most `limit` UTF-16 units at each end. */
export function keepOutput(limit = 64 * 1024): KeptOutput {
  const head: string[] = [];
  let headSize = 0;
  let tail: string[] = [];
  let tailSize = 0;
  let count = 0;

  const add = (line: string): void => {
    count++;
    const cut = line.length > limit ? `${line.slice(0, limit)}…` : line;
    if (tail.length === 0 && headSize + cut.length < limit) {
      head.push(cut);
      headSize += cut.length + 1;
      return;
    }
    tail.push(cut);
    tailSize += cut.length + 1;
    // Dropped only when twice as long, so that a long output costs no shift per line.
    if (tailSize > 2 * limit && tail.length > 1) trim();
  };

  const trim = (): void => {
    let from = tail.length - 1;
    let size = 0;
    while (from > 0 && size + (tail[from]?.length ?? 0) < limit) size += (tail[from--]?.length ?? 0) + 1;
    tail = tail.slice(from + 1);
    if (tail.length === 0) size = 0;
    tailSize = size;
  };

  return {
    add: (lines) => {
      for (const line of lines) add(line);
    },
    text: () => {
      if (tailSize > limit) trim();
      const missing = count - head.length - tail.length;
      return [...head, ...(missing > 0 ? [`… ${missing} lines not kept …`] : []), ...tail].join('\n');
    },
    last(units) {
      const lines: string[] = [];
      let size = 0;
      for (const part of [tail, head]) {
        for (let index = part.length - 1; index >= 0 && size < units; index--) {
          lines.push(part[index] ?? '');
          size += (part[index]?.length ?? 0) + 1;
        }
        // Between the end and the beginning something may be missing.
        if (count > head.length + tail.length) break;
      }
      return lines.reverse();
    },
    count: () => count,
  };
}
