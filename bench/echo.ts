import { setTimeout as delay } from 'node:timers/promises';
import { type IPty, spawn as spawnPty } from '@lydell/node-pty';
import type { Page } from '@playwright/test';
import { ServedBook, trialBook } from '../test/browser/served-book.ts';
import { openTerminal } from './open-terminal.ts';
import { startPlainChromium } from './plain-chromium.ts';
import { holdBand } from './ratio.ts';
import { startWetty } from './wetty.ts';

// How long a typed character takes until it stands in the terminal: in Tejun's page, in wetty's, both with a bash in one
// and the same browser, and without any browser on a bare pseudo-terminal. In the pages it is the time from the key's
// event to the character in the document; the browser draws as fast as it can, so that no frame rate hides anything.

const rounds = 6;
const keysPerRound = 60;

type Typist = { type(key: string, typed: string): Promise<number>; clear(): Promise<void> };

const book = new ServedBook(4741, trialBook);
const wetty = await startWetty();
const browser = await startPlainChromium(['--disable-frame-rate-limit', '--disable-gpu-vsync']);
const bare = spawnPty('/bin/bash', ['--norc'], { cols: 120, rows: 30 });
try {
  const ours = await browser.newPage();
  await ours.goto(await book.start());
  await ours.goto(`${book.origin}/trial/steps/`);
  await openTerminal(ours, 'postgres1');
  const theirs = await browser.newPage();
  await theirs.goto(wetty.address);
  await theirs.locator('.xterm').click();

  const typists: Readonly<Record<string, Typist>> = {
    bare: onPty(bare),
    wetty: await inPage(theirs),
    tejun: await inPage(ours),
  };
  const times: Record<string, number[]> = { bare: [], wetty: [], tejun: [] };
  for (let round = 0; round <= rounds; round++) {
    for (const [name, typist] of Object.entries(typists)) {
      const measured = await typeLine(typist);
      // The first round is for warming up.
      if (round > 0) times[name]?.push(...measured);
    }
  }
  const at = (name: string, share: number): number => quantile(times[name] ?? [], share);
  for (const name of Object.keys(times))
    console.log(`  ${name.padEnd(6)} p50 ${at(name, 0.5).toFixed(1)} ms, p99 ${at(name, 0.99).toFixed(1)} ms`);
  console.log(
    `  tejun's page adds ${(at('tejun', 0.5) - at('bare', 0.5)).toFixed(1)} ms to the bare pseudo-terminal (p50)`,
  );
  for (const share of [0.5, 0.99]) {
    const ratio = at('tejun', share) / at('wetty', share);
    holdBand(`p${share * 100} against wetty`, ratio, { goal: '≤ 1.2, band 1.5', within: ratio <= 1.5 });
  }
} finally {
  bare.kill();
  await browser.close();
  await wetty.close();
  await book.close();
}

async function typeLine(typist: Typist): Promise<readonly number[]> {
  const measured: number[] = [];
  let typed = '';
  while (typed.length < keysPerRound) {
    const key = String.fromCharCode(97 + Math.floor(Math.random() * 26));
    typed += key;
    measured.push(await typist.type(key, typed));
    // A typist's pace: no key meets the echo of the one before.
    await delay(10 + Math.random() * 20);
  }
  await typist.clear();
  return measured;
}

function onPty(terminal: IPty): Typist {
  let wanted = '';
  let seen = (): void => undefined;
  terminal.onData((data) => data.includes(wanted) && seen());
  return {
    async type(key) {
      const echoed = new Promise<void>((resolve) => {
        seen = resolve;
      });
      wanted = key;
      const began = performance.now();
      terminal.write(key);
      await echoed;
      return performance.now() - began;
    },
    async clear() {
      terminal.write('\x15');
    },
  };
}

/** Somebody who types into the page's terminal, which is in focus. */
async function inPage(page: Page): Promise<Typist> {
  await page.evaluate(`{
    const rows = document.querySelector('.xterm-rows');
    let began = 0;
    addEventListener('keydown', () => { began = performance.now(); }, true);
    globalThis.untilShown = (typed) => {
      globalThis.shown = new Promise((resolve) => {
        const observer = new MutationObserver(() => {
          if (!rows.textContent.includes(typed)) return;
          resolve(performance.now() - began);
          observer.disconnect();
        });
        observer.observe(rows, { subtree: true, childList: true, characterData: true });
      });
    };
  }`);
  return {
    async type(key, typed) {
      await page.bringToFront();
      await page.evaluate(`untilShown(${JSON.stringify(typed)})`);
      await page.keyboard.press(key);
      return page.evaluate<number>('shown');
    },
    async clear() {
      await page.keyboard.press('Control+u');
    },
  };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
