// Run by `node bench/matcher.ts [--quick]`: how the matcher's time grows when the work doubles, and its ratio to GNU diff.
// Exits with 1 when a linear case grows by more than `band` per doubling, or hostile output is not judged as it should be.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMatcher } from '../core/expectation/matcher.ts';
import { parseExpectation } from '../core/expectation/parse.ts';

type Sample = { readonly body: string; readonly output: readonly string[]; readonly passes: boolean };
type Case = {
  readonly name: string;
  readonly sizes: readonly number[];
  /** Most growth of time per doubling. */
  readonly band: number;
  make(size: number): Sample;
};

const quick = process.argv.includes('--quick');
const linear = 2.6;
const lines = (count: number, text: (i: number) => string): string[] =>
  Array.from({ length: count }, (_, i) => text(i));

const cases: readonly Case[] = [
  {
    name: '6 ellipses, none of whose next lines comes last',
    sizes: [10_000, 20_000, 40_000],
    band: linear,
    make: (size) => ({
      body: 'a\n...\nb\n...\nc\n...\nd\n...\ne\n...\nf\n...\nnever',
      output: ['a', ...lines(size, (i) => 'bcdef'[i % 5] ?? '')],
      passes: false,
    }),
  },
  {
    name: 'literal lines',
    sizes: [25_000, 50_000, 100_000],
    band: linear,
    make(size) {
      const output = lines(size, (i) => `row ${i} of the output`);
      return { body: output.join('\n'), output, passes: true };
    },
  },
  {
    name: 'lines with {{int}}',
    sizes: [25_000, 50_000, 100_000],
    band: linear,
    make: (size) => ({
      body: lines(size, (i) => `row {{int}} of ${i}`).join('\n'),
      output: lines(size, (i) => `row ${i} of ${i}`),
      passes: true,
    }),
  },
  {
    name: 'mixed placeholders, two and three a line',
    sizes: [25_000, 50_000, 100_000],
    band: linear,
    make: (size) => ({
      body: lines(
        size,
        (i) => ['{{timestamp}} [{{pid}}] LOG: {{*}}', 'took {{duration}} at {{lsn}}', 'plain'][i % 3] ?? '',
      ).join('\n'),
      output: lines(
        size,
        (i) => [`2026-11-23 01:10:15.123 UTC [${i + 1}] LOG: x`, `took ${i}.5 ms at 0/300${i}`, 'plain'][i % 3] ?? '',
      ),
      passes: true,
    }),
  },
  {
    name: '{{/(a+)+$/}} on one hostile line',
    sizes: [100_000, 200_000, 400_000],
    band: linear,
    make: (size) => ({ body: '{{/(a+)+$/}}', output: [`${'a'.repeat(size)}b`], passes: false }),
  },
  {
    name: '{{*}}{{*}}{{*}}{{*}}x on one hostile line',
    sizes: [100_000, 200_000, 400_000],
    band: linear,
    make: (size) => ({ body: '{{*}}{{*}}{{*}}{{*}}x', output: ['x'.repeat(size).concat('b')], passes: false }),
  },
  {
    name: '200 × `...` and {{*}} in turn (lines × expected lines)',
    sizes: [2_000, 4_000, 8_000],
    band: linear,
    make: (size) => ({
      body: `${'...\n{{*}}\n'.repeat(200)}never`,
      output: lines(size, (i) => `line ${i}`),
      passes: false,
    }),
  },
  {
    name: 'as many {{*}} {{0+}} as lines (quadratic by design)',
    sizes: [500, 1_000, 2_000],
    band: 5.2,
    make: (size) => ({
      body: `${'{{*}} {{0+}}\n'.repeat(size)}never`,
      output: lines(size, (i) => `line ${i}`),
      passes: false,
    }),
  },
];

let failures = 0;
for (const { name, sizes, band, make } of cases) {
  console.log(`\n${name}`);
  const times: number[] = [];
  for (const size of quick ? sizes.slice(0, 2) : sizes) {
    const sample = make(size);
    const parsed = parseExpectation(sample.body, { form: 'text', order: 'exact', file: 'bench', firstLine: 1 });
    if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
    const seconds = fastest(() => {
      const matcher = createMatcher(parsed.expectation);
      for (let at = 0; at < sample.output.length; at += 500) matcher.push(sample.output.slice(at, at + 500));
      if (matcher.end().passed !== sample.passes) failures++;
    });
    const diff = diffSeconds(sample);
    const growth = times.length === 0 ? '' : `  ×${(seconds / (times.at(-1) ?? seconds)).toFixed(2)} per doubling`;
    console.log(
      `  ${String(size).padStart(7)}  ${(seconds * 1000).toFixed(1).padStart(8)} ms  ${(seconds / diff).toFixed(2)} × GNU diff${growth}`,
    );
    times.push(seconds);
  }
  // Over all doublings: a single one of a few milliseconds is at the mercy of the garbage collector.
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  const growth = (last / first) ** (1 / (times.length - 1));
  if (growth > band && last > 0.03) {
    failures++;
    console.log(`  OUT  grows ×${growth.toFixed(2)} per doubling (band ${band})`);
  }
}
throughput();
process.exitCode = failures > 0 ? 1 : 0;
if (failures > 0) console.log(`\n${failures} failures`);

function fastest(run: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 3; round++) {
    const start = performance.now();
    run();
    best = Math.min(best, (performance.now() - start) / 1000);
  }
  return best;
}

/** GNU diff on the expected and the actual text, with the cost of starting a process taken off. */
function diffSeconds({ body, output }: Sample): number {
  const folder = mkdtempSync(join(tmpdir(), 'tejun-bench-'));
  try {
    const expected = join(folder, 'expected');
    const actual = join(folder, 'actual');
    const empty = join(folder, 'empty');
    writeFileSync(expected, `${body}\n`);
    writeFileSync(actual, `${output.join('\n')}\n`);
    writeFileSync(empty, '');
    const time = (left: string, right: string): number =>
      fastest(() => spawnSync('diff', [left, right], { stdio: 'ignore' }));
    return Math.max(0.0002, time(expected, actual) - time(empty, empty));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function throughput(): void {
  const chunk = lines(
    1000,
    (i) => `2026-11-23 01:10:15.123 UTC [4711] LOG:  statement ${i}: select * from tbl where i = ${i}`,
  );
  const bytes = chunk.reduce((sum, line) => sum + line.length + 1, 0);
  const rounds = Math.ceil((quick ? 40e6 : 200e6) / bytes);
  for (const [name, body, last] of [
    ['through `...`', 'start\n...\nend', 'end'],
    ['through `...` to {{int}}', 'start\n...\nend {{int}}', 'end 7'],
    ['through {{*}} {{0+}}', 'start\n{{*}} {{0+}}\nend', 'end'],
  ] as const) {
    const parsed = parseExpectation(body, { form: 'text', order: 'exact', file: 'bench', firstLine: 1 });
    if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
    const matcher = createMatcher(parsed.expectation);
    const start = performance.now();
    matcher.push(['start']);
    for (let i = 0; i < rounds; i++) matcher.push(chunk);
    matcher.push([last]);
    if (!matcher.end().passed) failures++;
    const rate = (rounds * bytes) / 1e6 / ((performance.now() - start) / 1000);
    console.log(`\n${name}: ${rate.toFixed(0)} MB/s, RSS ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`);
  }
}
