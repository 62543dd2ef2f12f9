import { suite, test } from 'node:test';
import { sampleTrials, tryShell } from './try-shell.ts';

// Each shell that a page might make hard to use, with some of the ways to fail; hostile.long.ts has all of them.

suite('a hostile shell', { concurrency: 4 }, () => {
  for (const trial of sampleTrials()) test(trial.name, () => tryShell(trial));
});
