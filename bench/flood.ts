import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { ServedBook } from '../test/browser/served-book.ts';
import { openTerminal } from './open-terminal.ts';
import { startPlainChromium } from './plain-chromium.ts';
import { holdBand, interleave } from './ratio.ts';
import { startWetty } from './wetty.ts';

// A step that prints 10 MB, once with a closed and once with an open terminal: does the page stay usable? And how soon
// does Ctrl-C end `yes`, against wetty in the same browser? What an idle page of this machine does is told, too.

const fence = '```';
const step = (id: string): string => `${fence}sh step=${id} timeout=120s
seq -f "line %06.0f of a long output, as a busy server writes them" 175000; echo done
${fence}

${fence}expect
line 000001 of a long output, as a busy server writes them
...
done
${fence}
`;
const flood = `---
title: Flood
tejun: {lab: linux, checkpoint: empty}
---

${[1, 2, 3].flatMap((round) => [step(`open-${round}`), step(`closed-${round}`)]).join('\n')}`;

const folder = mkdtempSync(join(tmpdir(), 'tejun-bench-flood-'));
mkdirSync(join(folder, 'content', 'docs'), { recursive: true });
mkdirSync(join(folder, 'labs'));
writeFileSync(join(folder, 'content', 'docs', 'index.mdx'), '---\ntitle: Bench\n---\n');
writeFileSync(join(folder, 'content', 'docs', 'flood.mdx'), flood);
const book = new ServedBook(4743, folder);
const wetty = await startWetty();
const browser = await startPlainChromium();
try {
  const ours = await browser.newPage();
  await ours.goto(await book.start());
  await ours.goto(`${book.origin}/flood/`);
  await openTerminal(ours, 'postgres1');
  const terminal = ours.getByRole('button', { name: 'Terminal on postgres1', exact: true });
  let [opened, closed] = [0, 0];
  const frames = await interleave(3, {
    idle: () => worstFrame(ours, () => delay(2000)),
    open: () => worstFrame(ours, () => runStep(ours, `open-${++opened}`)),
    closed: async () => {
      await ours.getByRole('button', { name: 'Close the terminal on postgres1' }).click();
      const worst = await worstFrame(ours, () => runStep(ours, `closed-${++closed}`));
      await terminal.click();
      return worst;
    },
  });
  const { idle = Number.NaN, open: worstOpen = Number.NaN, closed: worstClosed = Number.NaN } = frames;
  console.log(
    `  longest frame: idle ${idle.toFixed(0)} ms, terminal open ${worstOpen.toFixed(0)} ms, closed ${worstClosed.toFixed(0)} ms`,
  );
  const worst = Math.max(worstOpen, worstClosed);
  // A machine that is busy with something else makes an idle page late, too.
  const within = worst <= Math.max(100, 2 * idle);
  holdBand('ms of the longest frame while 10 MB come', worst, { goal: '≤ 100, or twice an idle page', within });

  const theirs = await browser.newPage();
  await theirs.goto(wetty.address);
  const interrupt = async (page: Page): Promise<number> => {
    await page.bringToFront();
    await page.locator('.xterm').click();
    return interruptYes(page);
  };
  const times = await interleave(3, { tejun: () => interrupt(ours), wetty: () => interrupt(theirs) });
  const { tejun = Number.NaN, wetty: peer = Number.NaN } = times;
  console.log(`  Ctrl-C ends \`yes\` after ${tejun.toFixed(0)} ms, in wetty after ${peer.toFixed(0)} ms`);
  holdBand('Ctrl-C against wetty', tejun / peer, { goal: '≤ 1, band 2', within: tejun / peer <= 2 });
} finally {
  await browser.close();
  await wetty.close();
  await book.close();
  rmSync(folder, { recursive: true });
}

async function runStep(page: Page, id: string): Promise<void> {
  await page.getByRole('button', { name: `Run step ${id}`, exact: true }).click();
  await page.locator(`#step-${id} .step-badge`, { hasText: 'passed' }).waitFor({ timeout: 120_000 });
}

/** The longest time between two frames while something goes on, in milliseconds. */
async function worstFrame(page: Page, work: () => Promise<unknown>): Promise<number> {
  await page.evaluate(`{
    globalThis.worst = 0;
    globalThis.watching = true;
    let last = performance.now();
    const next = (now) => {
      worst = Math.max(worst, now - last);
      last = now;
      if (watching) requestAnimationFrame(next);
    };
    requestAnimationFrame((now) => { last = now; requestAnimationFrame(next); });
  }`);
  await work();
  return page.evaluate<number>('watching = false, worst');
}

/** Lets `yes` run for a while; milliseconds from Ctrl-C to the prompt. */
async function interruptYes(page: Page): Promise<number> {
  await page.keyboard.type('yes');
  await page.keyboard.press('Enter');
  // Not by waitForFunction: the page's security policy lets nobody evaluate text.
  await page.evaluate(`new Promise((resolve) => {
    const look = () => {
      const rows = [...document.querySelectorAll('.xterm-rows > div')];
      if (rows.filter((row) => row.textContent.trim() === 'y').length > 3) resolve();
      else requestAnimationFrame(look);
    };
    look();
  })`);
  await delay(3000);
  await page.evaluate(`{
    const rows = document.querySelector('.xterm-rows');
    addEventListener('keydown', ({ key }) => {
      if (key !== 'c') return;
      const began = performance.now();
      globalThis.prompted = new Promise((resolve) => {
        const look = () => {
          const last = [...rows.children].map((row) => row.textContent.trim()).filter((text) => text !== '').at(-1);
          if (/[$#]$/.test(last)) resolve(performance.now() - began);
          else requestAnimationFrame(look);
        };
        look();
      });
    }, { capture: true });
  }`);
  await page.keyboard.press('Control+c');
  return page.evaluate<number>('prompted');
}
