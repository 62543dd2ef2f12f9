import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { test } from 'node:test';
import { checkout, playsInAsciinema } from './asciinema.ts';

// A second for each recording: `npm run test:all` runs this.

test('all casts of the book play in asciinema of Debian, by way of `tejun cast`', async () => {
  const recorded = globSync('content/recordings/**/*.cast', { cwd: checkout });
  assert.ok(recorded.length > 0, 'the book is recorded');
  for (const file of recorded) await playsInAsciinema(file);
});
