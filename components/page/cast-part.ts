/** A step's part of a cast: all that was before it, so that the screen is right, and nothing after it. */
export type CastPart = { readonly text: string /** Seconds. */; readonly startAt: number };

/** Cuts an asciicast v3 at the marker that follows a step's; undefined when the step has no marker in it. */
export function castPart(cast: string, step: string): CastPart | undefined {
  const lines = cast.split('\n');
  let time = 0;
  let startAt: number | undefined;
  for (const [index, line] of lines.entries()) {
    // Beside events there are a header, comments and empty lines.
    if (!line.startsWith('[')) continue;
    const [interval, code, data] = JSON.parse(line) as [number, string, string];
    time += interval;
    if (code !== 'm') continue;
    if (startAt !== undefined) return { text: lines.slice(0, index).join('\n'), startAt };
    if (data === step) startAt = time;
  }
  return startAt === undefined ? undefined : { text: cast, startAt };
}
