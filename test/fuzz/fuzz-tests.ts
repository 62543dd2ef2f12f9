import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forms } from './forms.ts';
import { describeDisagreement } from './run.ts';

const seed = 20261203;
/** How many of the 100,000 cases are of each form. */
const counts: Readonly<Record<string, number>> = { text: 40_000, table: 40_000, json: 20_000 };

/** Tries a share of the cases of the fixed seed. */
export function fuzzTests(share: number): void {
  for (const [name, run] of Object.entries(forms)) {
    const count = Math.ceil((counts[name] ?? 0) * share);
    test(`${name}: an oracle agrees on ${count} cases`, async () => {
      const { disagreements, passed, failed, refused } = await run({ seed, count });
      assert.equal(disagreements.length, 0, disagreements.map(describeDisagreement).join('\n\n'));
      // Each verdict is worth little if nearly all cases have the same.
      const least = count / 10;
      assert.ok(
        passed > least && failed > least && refused < least,
        `${passed} passed, ${failed} failed, ${refused} refused`,
      );
    });
  }
}
