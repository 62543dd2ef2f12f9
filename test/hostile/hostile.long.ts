import { suite, test } from 'node:test';
import { allTrials, tryShell } from './try-shell.ts';

// Each shell that a page might make hard to use, with each way to fail.

suite('a hostile shell, with each way to fail', { concurrency: 4 }, () => {
  for (const trial of allTrials()) test(trial.name, () => tryShell(trial));
});
