import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadLab } from '../runner/labs/load.ts';
import { kitOf } from '../runner/labs/windows/kit.ts';
import { batchScript } from '../runner/labs/windows/windows-host.ts';
import { holdBand, interleave, median, seconds } from './ratio.ts';

// The lab windows-ha from nothing to Pgpool-II in front of three Windows servers, against a bare shell script that does the
// same with the same scripts (`windows-lab-bare.sh`); how long a reset takes; and what one more host takes of the disk.

if (process.getuid?.() !== 0 || !existsSync('/usr/bin/wine')) {
  console.log('the bare script needs root and Wine; nothing is measured');
  process.exit();
}
const checkout = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'tejun-bench-windows-'));
cpSync(join(checkout, 'labs'), join(folder, 'labs'), { recursive: true });
// What takes minutes to fetch and to make is the checkout's, and made before anything is measured.
mkdirSync(join(checkout, '.tejun/windows'), { recursive: true });
mkdirSync(join(folder, '.tejun'));
symlinkSync(join(checkout, '.tejun/windows'), join(folder, '.tejun/windows'));
const lab = loadLab('windows-ha', { root: folder });
const { shared } = kitOf(join(folder, '.tejun'), undefined);
const signal = new AbortController().signal;
const quiet = (): void => undefined;

async function throughTejun(): Promise<number> {
  try {
    return await seconds(() => lab.up(quiet, signal));
  } finally {
    await lab.down(quiet);
  }
}

/** The lab's scripts as bash runs them, batch files included. */
function scripts(): string {
  const copy = join(folder, 'scripts');
  cpSync(join(folder, 'labs/windows-ha'), copy, { recursive: true });
  // Called by the others on the hosts, and so left as it is.
  const called = 'clone-standby.bat';
  for (const name of readdirSync(copy).filter((each) => each.endsWith('.bat') && each !== called))
    writeFileSync(join(copy, name), batchScript(name, readFileSync(join(copy, name), 'utf8')));
  return copy;
}

async function throughBash(): Promise<number> {
  const directory = join(folder, 'bare');
  mkdirSync(directory);
  const script = join(import.meta.dirname, 'windows-lab-bare.sh');
  let child: ReturnType<typeof start> | undefined;
  const start = () => spawn('/bin/bash', [script, prepared, directory, shared], { stdio: ['pipe', 'pipe', 'inherit'] });
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

/** Bytes that files take on the disk; `followed`: links count as what they lead to, as in a copy that is no clone. */
function diskOf(path: string, { followed = false, without = '' } = {}): number {
  const options = [followed ? '-sL' : '-s', '--block-size=1', ...(without === '' ? [] : [`--exclude=${without}`])];
  return Number(execFileSync('/usr/bin/du', [...options, path], { encoding: 'utf8' }).split('\t')[0]);
}

const prepared = scripts();
try {
  await lab.up(quiet, signal);
  await lab.down(quiet);
  const { tejun = Number.NaN, bash = Number.NaN } = await interleave(2, { tejun: throughTejun, bash: throughBash });
  console.log(`  up: tejun ${tejun.toFixed(1)} s, bare script ${bash.toFixed(1)} s`);
  holdBand('up against the bare script', tejun / bash, { goal: '≤ 1.1, band 1.25', within: tejun / bash <= 1.25 });

  await lab.up(quiet, signal);
  // The first reset to a checkpoint may have to prepare it.
  for (const checkpoint of ['pgpool', 'failed-over']) {
    await lab.reset(checkpoint, quiet, signal);
    const times: number[] = [];
    for (let round = 0; round < 3; round++) times.push(await seconds(() => lab.reset(checkpoint, quiet, signal)));
    console.log(`  reset to ${checkpoint}: ${median(times).toFixed(2)} s`);
  }

  const host = join(folder, '.tejun/labs/windows-ha/postgres3/files/srv/windows');
  const own = diskOf(host, { without: 'data' });
  const whole = diskOf(join(shared, 'template'), { followed: true }) + diskOf(join(shared, '15'));
  console.log(
    `  a host: ${(own / 1e6).toFixed(1)} MB; a prefix with the programs, copied whole: ${(whole / 1e6).toFixed(0)} MB`,
  );
  holdBand('disk of one more host against a whole copy', own / whole, { goal: '≤ 0.1', within: own / whole <= 0.1 });
} finally {
  await lab.down(quiet);
  rmSync(folder, { recursive: true });
}
