import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadLab } from '../runner/labs/load.ts';
import { holdBand, interleave, median, seconds } from './ratio.ts';

// The lab linux-ha from nothing to Pgpool-II in front of three replicating servers, against a bare shell script that does
// the same with the same scripts (`lab-bare.sh`); and how long a reset takes.

if (process.getuid?.() !== 0) {
  console.log('the bare script needs root; nothing is measured');
  process.exit();
}
const checkout = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'tejun-bench-lab-'));
cpSync(join(checkout, 'labs'), join(folder, 'labs'), { recursive: true });
const lab = loadLab('linux-ha', { root: folder });
const signal = new AbortController().signal;
const quiet = (): void => undefined;

async function throughTejun(): Promise<number> {
  try {
    return await seconds(() => lab.up(quiet, signal));
  } finally {
    await lab.down(quiet);
  }
}

async function throughBash(): Promise<number> {
  const directory = join(folder, 'bare');
  mkdirSync(directory);
  const script = join(import.meta.dirname, 'lab-bare.sh');
  let child: ReturnType<typeof start> | undefined;
  const start = () =>
    spawn('/bin/bash', [script, join(folder, 'labs'), directory], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    return await seconds(async () => {
      child = start();
      const [said] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [unknown];
      if (String(said) !== 'ready\n') throw new Error(`the bare script ended before it was ready; see ${directory}`);
    });
  } finally {
    const ended = child && child.exitCode === null ? once(child, 'exit') : undefined;
    child?.stdin.end();
    await ended;
    rmSync(directory, { recursive: true });
  }
}

try {
  const { tejun = Number.NaN, bash = Number.NaN } = await interleave(3, { tejun: throughTejun, bash: throughBash });
  console.log(`  up: tejun ${tejun.toFixed(2)} s, bare script ${bash.toFixed(2)} s`);
  holdBand('up against the bare script', tejun / bash, { goal: '≤ 1.1, band 1.2', within: tejun / bash <= 1.2 });
  await lab.up(quiet, signal);
  for (const checkpoint of lab.checkpoints) {
    const times: number[] = [];
    for (let round = 0; round < 3; round++) times.push(await seconds(() => lab.reset(checkpoint, quiet, signal)));
    console.log(`  reset to ${checkpoint}: ${median(times).toFixed(2)} s`);
  }
} finally {
  await lab.down(quiet);
  rmSync(folder, { recursive: true });
}
