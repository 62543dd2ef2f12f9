import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

// `npm run bench`: every benchmark in a process of its own, one after the other; fails when one leaves its band.

const benchmarks = [
  'matcher',
  'steps',
  'throughput',
  'chapter',
  'lab',
  'windows-lab',
  'site',
  'echo',
  'flood',
  'run-all',
];
const chosen = process.argv.slice(2);
const strange = chosen.find((name) => !benchmarks.includes(name));
if (strange !== undefined) {
  console.error(`${strange}: no such benchmark; there are ${benchmarks.join(', ')}`);
  process.exit(2);
}
for (const name of chosen.length > 0 ? chosen : benchmarks) {
  console.log(`\n── ${name}`);
  const { status } = spawnSync(process.execPath, [...process.execArgv, join(import.meta.dirname, `${name}.ts`)], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}
