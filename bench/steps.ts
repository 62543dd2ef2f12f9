import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { executeHere } from '../test/execution.ts';
import { readPage } from './page.ts';
import { holdBand, interleave, seconds } from './ratio.ts';

// What a step costs: 1,000 trivial commands through the executor, each in its own step with its own expectation,
// against the same commands in one bare bash, in cram and in bats.

const count = 1000;
const numbers = Array.from({ length: count }, (_, index) => index);
const fence = '```';
const page = readPage(
  numbers.map((n) => `${fence}sh step=s${n}\necho ${n}\n${fence}\n\n${fence}expect\n${n}\n${fence}\n`).join('\n'),
);

const folder = mkdtempSync(join(tmpdir(), 'tejun-bench-steps-'));
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const bash = write('steps.sh', numbers.map((n) => `echo ${n}`).join('\n'));
const cram = write('steps.t', numbers.map((n) => `  $ echo ${n}\n  ${n}`).join('\n'));
const bats = write(
  'steps.bats',
  numbers.map((n) => `@test "${n}" {\n  run echo ${n}\n  [ "$output" = ${n} ]\n}`).join('\n'),
);

const program = (command: string, ...args: string[]): number => {
  const began = performance.now();
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  if (status !== 0) throw error ?? new Error(`${command} ended with ${status}`);
  return (performance.now() - began) / 1000;
};

try {
  console.log(`${count} trivial steps, each compared with its expected output`);
  const several = await interleave(5, {
    bash: () => program('bash', '--norc', '--noprofile', bash),
    tejun: () =>
      seconds(async () => {
        const { verdict } = await executeHere(page);
        if (verdict !== 'passed') throw new Error(`the run ended as ${verdict}`);
      }),
    cram: () => program('cram3', '--shell=/bin/bash', cram),
  });
  // One round: it takes most of a minute.
  const time = { ...several, ...(await interleave(1, { bats: () => program('bats', bats) })) };
  const { bash: bare = NaN, tejun = NaN } = time;
  for (const [name, value] of Object.entries(time)) {
    console.log(`  ${name.padEnd(6)} ${value.toFixed(3)} s   ${(value / tejun).toFixed(2)} × tejun`);
  }
  const perStep = ((tejun - bare) / count) * 1000;
  holdBand('milliseconds a step over bash', perStep, { goal: '< 1', within: perStep < 1 });
  const overBats = tejun / (time.bats ?? NaN);
  holdBand('time against bats', overBats, { goal: '< 1', within: overBats < 1 });
  // cram pipes all commands into one bash at once and compares after its end: nothing is live, nothing stops at a failure,
  // no exit code is known before. A step that waits for its own end cannot be as cheap; the band only guards what we have.
  const overCram = tejun / (time.cram ?? NaN);
  holdBand('time against cram', overCram, { goal: '< 1, not reached; band 15', within: overCram < 15 });
} finally {
  rmSync(folder, { recursive: true });
}
