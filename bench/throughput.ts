import { spawnSync } from 'node:child_process';
import pty from '@lydell/node-pty';
import { executeHere } from '../test/execution.ts';
import { readPage } from './page.ts';
import { holdBand, interleave, seconds } from './ratio.ts';

// 200 MB through a terminal with matcher, recorder and redaction on, against a bare read of the same terminal.
// Each side runs in a process of its own, so that its peak memory is its own too.

const megabytes = 200;
const line = 'x'.repeat(79);
const command = `yes ${line} | head -c ${megabytes * 1000 * 1000}`;

const bare = (): Promise<void> =>
  new Promise((resolve, reject) => {
    const terminal = pty.spawn('bash', ['--norc', '--noprofile', '-c', command], {
      cols: 120,
      rows: 30,
      encoding: null,
    });
    let bytes = 0;
    terminal.onData((data) => {
      bytes += data.length;
    });
    // Every line feed leaves a terminal as two characters.
    terminal.onExit(() =>
      bytes >= megabytes * 1000 * 1000 ? resolve() : reject(new Error(`only ${bytes} bytes came`)),
    );
  });

const whole = async (): Promise<void> => {
  const fence = '```';
  const page = `${fence}sh step=flood timeout=5m\nset +o pipefail; ${command}\n${fence}\n\n${fence}expect\n${line}\n...\n${line}\n${fence}\n`;
  const state = await executeHere(readPage(page), { secrets: ['correct horse', 'battery staple'] });
  if (state.verdict !== 'passed') throw new Error(JSON.stringify(state.steps[0]?.outcome?.reason));
};

if (process.argv[2] !== undefined) {
  const took = await seconds(process.argv[2] === 'bare' ? bare : whole);
  process.stdout.write(JSON.stringify({ seconds: took, rss: process.resourceUsage().maxRSS / 1024 }));
} else {
  let peak = 0;
  const measure = (side: string) => (): number => {
    const child = spawnSync(process.execPath, [...process.execArgv, import.meta.filename, side], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (child.status !== 0) throw new Error(`${side} ended with ${child.status}`);
    const result = JSON.parse(child.stdout) as { seconds: number; rss: number };
    if (side === 'whole') peak = Math.max(peak, result.rss);
    return result.seconds;
  };
  console.log(`${megabytes} MB through a terminal`);
  const time = await interleave(3, { bare: measure('bare'), whole: measure('whole') });
  const { bare: raw = NaN, whole: full = NaN } = time;
  console.log(
    `  bare read ${(megabytes / raw).toFixed(1)} MB/s, with matcher, recorder and redaction ${(megabytes / full).toFixed(1)} MB/s`,
  );
  holdBand('speed against the bare read', raw / full, { goal: '≥ 0.8, band 0.7', within: raw / full >= 0.7 });
  holdBand('peak memory in MB', peak, { goal: '< 200, band 220', within: peak < 220 });
}
