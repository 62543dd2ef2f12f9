import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';

/** Waits for what happens in other processes. Fails when it does not come true in time (milliseconds). */
export async function eventually(
  what: string,
  condition: () => boolean | Promise<boolean>,
  limit = 30_000,
): Promise<void> {
  for (const end = Date.now() + limit; !(await condition()); await setTimeout(20)) {
    if (Date.now() > end) assert.fail(`not within ${limit / 1000} s: ${what}`);
  }
}
