/** Says whether one more is allowed now. */
export type Rate = () => boolean;

/** A token bucket: `burst` at once, `perSecond` in the long run. `now` is in milliseconds. */
export function createRate(perSecond: number, burst: number, now: () => number): Rate {
  let left = burst;
  let last = now();
  return () => {
    const time = now();
    left = Math.min(burst, left + ((time - last) / 1000) * perSecond);
    last = time;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}
