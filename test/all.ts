import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';

// `npm test`: everything that must hold before a commit. `--all` adds the long matrix and the benchmarks' bands,
// `--check` is types and style only.

type Phase = { readonly title: string; readonly command: readonly string[] };

const root = join(import.meta.dirname, '..');
// With the settings that the program itself runs with.
const node = [process.execPath, ...process.execArgv];
const bin = (name: string): string => join(root, 'node_modules', '.bin', name);
const files = (pattern: string): readonly string[] => globSync(pattern, { cwd: root }).sort();
const inBrowser = files('test/{attack,browser,site}/**/*.test.ts');
const tests = files('{core,components,runner,test,bench}/**/*.test.ts').filter((file) => !inBrowser.includes(file));

// A failure of the primary stands for the others, the English pages for the Japanese ones with the same steps; Windows
// hosts have tests of their own, so the pages that are about Windows first run on Linux.
const aboutWindows = 'content/docs/installation';
const longPages = ['standby-fails', 'second-primary-fails'];
const shortBook = files('content/docs/*/*.mdx').filter(
  (file) =>
    !file.startsWith(`${aboutWindows}/`) &&
    !longPages.includes(basename(file, '.mdx')) &&
    readFileSync(join(root, file), 'utf8').includes(' step='),
);

const check: readonly Phase[] = [
  { title: 'types of core, without Node and without a DOM', command: [bin('tsc'), '-p', 'core'] },
  { title: 'types of everything', command: [bin('tsc'), '-p', '.'] },
  {
    title: 'types of what pages show',
    command: [bin('astro'), 'check', '--silent', '--tsconfig', 'components/tsconfig.json'],
  },
  { title: 'style and arrows', command: [bin('biome'), 'check', '--error-on-warnings'] },
];
const usual: readonly Phase[] = [
  // No more files at once than cores: labs and terminals share them, and a starved one is no finding.
  { title: 'tests', command: [process.execPath, '--test', '--test-concurrency=2', ...tests] },
  { title: 'tests in a browser', command: [process.execPath, '--test', '--test-concurrency=1', ...inBrowser] },
  { title: 'the book', command: [...node, 'runner/main.ts', 'verify', ...shortBook] },
  {
    title: 'pages about Windows, on Linux',
    command: [...node, 'runner/main.ts', 'verify', aboutWindows, '--lab', 'linux'],
  },
  {
    title: 'README and CONTRIBUTING',
    command: [...node, 'runner/main.ts', 'verify', 'README.md', 'CONTRIBUTING.md'],
  },
];
const long: readonly Phase[] = [
  {
    title: 'the whole book on all labs, with all versions that they offer',
    command: [...node, 'runner/main.ts', 'verify', 'content/docs', '--matrix'],
  },
  {
    title: 'tests that take long',
    command: [
      process.execPath,
      '--test',
      '--test-concurrency=1',
      ...files('{core,components,runner,test}/**/*.long.ts'),
    ],
  },
  { title: "PostgreSQL's regression tests", command: [...node, 'test/peers/postgresql.ts'] },
  { title: 'benchmarks', command: [...node, 'bench/main.ts'] },
];

const { values } = parseArgs({ options: { all: { type: 'boolean' }, check: { type: 'boolean' } } });
const phases = values.check
  ? check
  : values.all
    ? [
        ...check,
        ...usual.filter(({ title }) => !title.startsWith('the book') && !title.startsWith('pages about')),
        ...long,
      ]
    : [...check, ...usual];

for (const { title, command } of phases) {
  console.log(`\n── ${title}`);
  const [program, ...args] = command;
  const began = performance.now();
  const { status, signal } = spawnSync(program ?? '', args, { cwd: root, stdio: 'inherit' });
  console.log(
    `── ${title}: ${status === 0 ? 'ok' : `FAILED (${signal ?? status})`} in ${((performance.now() - began) / 1000).toFixed(1)} s`,
  );
  if (status !== 0) process.exit(status ?? 1);
}
