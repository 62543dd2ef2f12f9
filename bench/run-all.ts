import { globSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServedBook } from '../test/browser/served-book.ts';
import { startPlainChromium } from './plain-chromium.ts';
import { holdBand } from './ratio.ts';

// Run all on pages of 100 and of 1,000 steps, half of them with an expectation: how far the page is behind the runner, how long
// its longest frame is, and how its time grows with the steps. With a path, the build in that checkout is measured beside it.

const counts = [100, 1000];

type Measured = {
  /** Seconds from the click until the page shows that all has passed. */
  readonly shown: number;
  /** Seconds from the end of the run until the page shows it. */
  readonly behind: number;
  /** Milliseconds of the longest frame; 0 when none took more than 50. */
  readonly frame: number;
};

const book = mkdtempSync(join(tmpdir(), 'tejun-bench-book-'));
writeBook();
const browser = await startPlainChromium();
try {
  const [other] = process.argv.slice(2);
  if (other !== undefined) for (const count of counts) report(other, count, await measure(count, other));
  const [few, many] = await measureBoth();
  const growth = many.shown / few.shown;
  holdBand('seconds behind the runner', many.behind, { goal: '≤ 3', within: many.behind <= 3 });
  holdBand('milliseconds of the longest frame', many.frame, { goal: '≤ 50', within: many.frame <= 50 });
  holdBand('time of 1,000 steps against 100', growth, { goal: '≤ 12', within: growth <= 12 });
} finally {
  await browser.close();
  rmSync(book, { recursive: true });
}

async function measureBoth(): Promise<readonly [Measured, Measured]> {
  const both: Measured[] = [];
  for (const count of counts) {
    const measured = await measure(count);
    report('this build', count, measured);
    both.push(measured);
  }
  const [few, many] = both;
  if (few === undefined || many === undefined) throw new Error('there are two pages');
  return [few, many];
}

function report(build: string, count: number, { shown, behind, frame }: Measured): void {
  console.log(
    `  ${build}, ${count} steps: shown after ${shown.toFixed(2)} s, ${behind.toFixed(2)} s behind the runner, longest frame ${frame.toFixed(0)} ms`,
  );
}

async function measure(count: number, checkout?: string): Promise<Measured> {
  const served = new ServedBook(4742, book, checkout);
  try {
    const address = await served.start();
    const page = await browser.newPage();
    page.setDefaultTimeout(120_000);
    await page.goto(address);
    await page.waitForURL(`${served.origin}/`);
    await page.goto(`${served.origin}/bench/steps-${count}/`);
    const runAll = page.locator('.bar-run .primary:not([aria-disabled])');
    await page.getByRole('button', { name: 'Bring up' }).click();
    await page.locator('.tejun-bar li[data-state=ready]').first().waitFor();
    await runAll.waitFor();
    await page.evaluate(`{
      globalThis.longestFrame = 0;
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) longestFrame = Math.max(longestFrame, duration);
      }).observe({ type: 'long-animation-frame' });
    }`);
    const began = Date.now();
    await runAll.click();
    // Asked in the page and seldom: whoever looks for elements all the time is measured too.
    await page.evaluate(`new Promise((resolve) => {
      const timer = setInterval(() => {
        if (!document.querySelector('.bar-summary').textContent.startsWith('${count} of ${count} ')) return;
        if (document.querySelector('.bar-run .primary').hasAttribute('aria-disabled')) return;
        clearInterval(timer);
        resolve();
      }, 50);
    })`);
    const shown = Date.now();
    const frame = await page.evaluate<number>('longestFrame');
    await page.close();
    return { shown: (shown - began) / 1000, behind: (shown - runEnded(served)) / 1000, frame };
  } finally {
    await served.close();
  }
}

/** When the runner wrote the last event of its run, of the clock. */
function runEnded({ root }: ServedBook): number {
  const [log] = globSync(join(root, '.tejun/runs/*/**/*.jsonl'));
  if (log === undefined) throw new Error('there is no run log');
  return statSync(log).mtimeMs;
}

function writeBook(): void {
  const folder = join(book, 'content', 'docs', 'bench');
  mkdirSync(folder, { recursive: true });
  mkdirSync(join(book, 'labs'));
  writeFileSync(join(book, 'content', 'docs', 'index.mdx'), '---\ntitle: Many steps\n---\n');
  for (const count of counts) {
    const steps = Array.from({ length: count }, (_, n) => {
      const step = ['', `\`\`\`sh step=s${n}`, `echo ${n} of ${count}`, '```', ''];
      return n % 2 === 0 ? step : [...step, '```expect', `${n} of ${count}`, '```', ''];
    });
    const head = ['---', `title: ${count} steps`, 'tejun: {lab: linux, checkpoint: empty}', '---'];
    writeFileSync(join(folder, `steps-${count}.mdx`), [...head, ...steps.flat()].join('\n'));
  }
}
