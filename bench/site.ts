import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { startChromium } from '../test/browser/chromium.ts';
import { holdBand, interleave, seconds } from './ratio.ts';
import { TwoSites } from './starlight-sites.ts';

// What the site costs against plain Starlight with the same pages: bytes of a page that nobody has done anything on yet,
// as a browser really loads it, and the time of a build.

const checkout = join(import.meta.dirname, '..');
const path = '/operations/logical-backup/';
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};

const asWritten = (book: string): void =>
  cpSync(join(checkout, 'content', 'docs'), join(book, 'content', 'docs'), { recursive: true });
const asPublished = (book: string): void =>
  cpSync(join(checkout, 'content'), join(book, 'content'), { recursive: true });

// The goal is about what makes a page a runbook. What its steps printed is content, which plain Starlight has not got,
// and behind a runner the page is another one: told, but not judged.
await weigh('as it is written', asWritten, (over) =>
  holdBand('kB over plain', over, { goal: '≤ 3', within: over <= 3.5 }),
);
await weigh('with what its steps printed', asPublished, (over) =>
  console.log(`       kB over plain: ${over.toFixed(1)}`),
);
await timeBuilds(300, 10);

async function weigh(what: string, fill: (book: string) => void, judge: (over: number) => void): Promise<void> {
  const sites = new TwoSites(fill);
  try {
    const site = await sites.build('tejun');
    const tejun = await weightOf(site);
    const plain = await weightOf(await sites.build('plain'));
    const live = await weightOf(site, '<html data-runner ');
    console.log(`${path} ${what}: all that a browser loads, gzipped`);
    for (const kind of ['html', 'css', 'js', 'svg'])
      console.log(
        `  ${kind.padEnd(5)}${kilo(tejun[kind])} kB, plain ${kilo(plain[kind])} kB, live ${kilo(live[kind])} kB`,
      );
    judge((total(tejun) - total(plain)) / 1000);
  } finally {
    sites.close();
  }
}

/** Bytes of all that a browser loads by itself, each file gzipped, by kind; a runner's pages begin in another way. */
async function weightOf(site: string, begin = '<html '): Promise<Readonly<Record<string, number>>> {
  const server = createServer((request, response) => {
    const name = request.url?.endsWith('/') ? `${request.url}index.html` : (request.url ?? '');
    try {
      const file = readFileSync(join(site, name));
      const body = extname(name) === '.html' ? file.toString().replace('<html ', begin) : file;
      response.setHeader('content-type', types[extname(name)] ?? 'application/octet-stream').end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await startChromium();
  try {
    const page = await browser.newPage();
    const weights: Record<string, number> = {};
    const loaded = new Set<string>();
    page.on('response', (response) => void loaded.add(new URL(response.url()).pathname));
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, { waitUntil: 'networkidle' });
    for (const name of loaded) {
      const kind = extname(name).slice(1) || 'html';
      const file = join(site, name.endsWith('/') ? `${name}index.html` : name);
      // What is not there has no weight.
      if (!existsSync(file)) continue;
      weights[kind] = (weights[kind] ?? 0) + gzipSync(readFileSync(file), { level: 9 }).length;
    }
    return weights;
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
}

async function timeBuilds(pages: number, steps: number): Promise<void> {
  const sites = new TwoSites((book) => {
    const folder = join(book, 'content', 'docs', 'many');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(book, 'content', 'docs', 'index.mdx'), '---\ntitle: Many\n---\n\nMany pages.\n');
    for (let index = 0; index < pages; index++) writeFileSync(join(folder, `page-${index}.mdx`), pageOf(index, steps));
  });
  try {
    const time = await interleave(3, {
      tejun: () => seconds(() => sites.build('tejun')),
      plain: () => seconds(() => sites.build('plain')),
    });
    const { tejun = Number.NaN, plain = Number.NaN } = time;
    console.log(`${pages} pages with ${steps} steps each: tejun ${tejun.toFixed(1)} s, plain ${plain.toFixed(1)} s`);
    holdBand('build against plain Starlight', tejun / plain, { goal: '≤ 1.3', within: tejun / plain <= 1.6 });
  } finally {
    sites.close();
  }
}

function pageOf(index: number, count: number): string {
  const fence = '```';
  const steps = Array.from({ length: count }, (_, n) =>
    [
      `## Part ${n} of page ${index}`,
      `What is to be known about it, in a sentence or two, with \`code\` and a [link](#part-${n - 1}-of-page-${index}).`,
      `${fence}sh step=step-${n}\npsql -d testdb -c "select ${n} as number, count(*) from tbl where page = ${index}"\n${fence}`,
      `${fence}expect\n number | count\n--------+-------\n      ${n} | {{int}}\n(1 row)\n${fence}`,
    ].join('\n\n'),
  );
  return `---\ntitle: Page ${index}\ntejun: {lab: linux, host: postgres1}\n---\n\n${steps.join('\n\n')}\n`;
}

function total(weights: Readonly<Record<string, number>>): number {
  return Object.values(weights).reduce((sum, weight) => sum + weight, 0);
}

function kilo(bytes = 0): string {
  return (bytes / 1000).toFixed(1).padStart(5);
}
