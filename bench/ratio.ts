/** Middle of some measurements. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/** Runs contenders in turn, `rounds` times, so that what else the machine does meets all of them; seconds by name. */
export async function interleave(
  rounds: number,
  contenders: Readonly<Record<string, () => Promise<number> | number>>,
): Promise<Readonly<Record<string, number>>> {
  const times: Record<string, number[]> = {};
  for (let round = 0; round < rounds; round++) {
    for (const [name, measure] of Object.entries(contenders)) {
      const list = times[name] ?? [];
      times[name] = list;
      list.push(await measure());
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, list]) => [name, median(list)]));
}

/** Prints a figure with its goal and its band, and keeps the program's exit code non-zero when the band is left. */
export function holdBand(
  what: string,
  value: number,
  limit: { readonly goal: string; readonly within: boolean },
): void {
  console.log(`  ${limit.within ? 'ok  ' : 'OUT '} ${what}: ${value.toPrecision(3)} (goal ${limit.goal})`);
  if (!limit.within) process.exitCode = 1;
}

/** Seconds that `work` takes. */
export async function seconds(work: () => Promise<unknown> | unknown): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}
