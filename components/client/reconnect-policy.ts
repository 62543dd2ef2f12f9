const firstDelay = 400;
// The runner is on this machine: asking often costs nobody anything.
const longestDelay = 3_000;

/** Milliseconds to wait before the next attempt to connect: doubled each time, with jitter; `random` is in [0, 1). */
export function reconnectDelay(failures: number, random: number): number {
  const longest = Math.min(longestDelay, firstDelay * 2 ** Math.min(failures, 20));
  return Math.round(longest * (0.5 + random / 2));
}
