import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Browser, Locator, Page } from '@playwright/test';
import { enter, expect, Reader, startChromium } from './chromium.ts';
import { seriousFaults } from './faults.ts';
import { ServedBook, trialBook } from './served-book.ts';

// A reader in a real browser, before a real runner with real labs. One after the other: they share the lab.
suite('the book, served by a runner', { timeout: 600_000 }, () => {
  const book = new ServedBook(4731, trialBook);
  let browser: Browser;
  let reader: Reader;
  let page: Page;

  const step = (id: string): Locator => page.locator(`#step-${id}`);
  const run = (id: string): Promise<void> => page.getByRole('button', { name: `Run step ${id}`, exact: true }).click();
  const verdict = (id: string, word: string): Promise<void> =>
    expect(step(id).locator('.step-badge'), `${id} is ${word}`).toContainText(word, { timeout: 20_000 });
  const lines = (id: string, kind: string): Locator => step(id).locator(`.diff-lines > li[data-kind="${kind}"]`);
  const idle = (): Promise<void> =>
    expect(page.getByRole('button', { name: /^Run all/ })).toBeEnabled({ timeout: 30_000 });
  const open = async (path: string): Promise<void> => {
    await page.goto(`${book.origin}${path}`);
    await idle();
  };
  const terminal = (host: string): Locator => page.getByRole('region', { name: `Terminal on ${host}` });
  const openTerminal = async (host: string): Promise<void> => {
    await page.getByRole('button', { name: `Terminal on ${host}`, exact: true }).click();
    await expect(terminal(host)).toHaveAttribute('data-state', 'open');
  };
  const type = async (host: string, keys: string): Promise<void> => {
    await terminal(host).locator('.xterm').click();
    await page.keyboard.type(keys);
    await page.keyboard.press('Enter');
  };

  before(async () => {
    writeFileSync(join(book.root, 'content/docs/trial/many.mdx'), manySteps(30));
    browser = await startChromium();
    const address = await book.start();
    reader = await Reader.arrive(browser, book.origin);
    page = reader.page;
    await reader.enter(address);
    await expect(page.getByRole('heading', { name: 'The trial book' })).toBeVisible();
  });
  after(async () => {
    await browser?.close();
    await book.close();
  });

  test('nobody comes in without the address, and it works once', async () => {
    const stranger = await browser.newContext();
    const other = await stranger.newPage();
    const answer = await other.goto(`${book.origin}/trial/steps/`);
    expect(answer?.status()).toBe(401);
    await expect(other.locator('body')).toContainText('npm start');
    await stranger.close();
  });

  test('a step runs, and its lines turn from pending to matched while they come', async () => {
    await open('/trial/steps/');
    await expect(step('grow')).toContainText('line 1');
    await run('grow');
    await expect(lines('grow', 'pending')).toHaveCount(3, { timeout: 30_000 });
    await expect(lines('grow', 'matched')).toHaveCount(0);
    await expect(step('grow').locator('.step-badge')).toContainText('running');
    book.onHost('touch /srv/log/go-1');
    await expect(lines('grow', 'matched')).toHaveText([/line 1/]);
    await expect(lines('grow', 'pending')).toHaveCount(2);
    await page.screenshot({ path: book.picture('running') });
    book.onHost('touch /srv/log/go-2 /srv/log/go-3');
    await verdict('grow', 'passed');
    await expect(lines('grow', 'matched')).toHaveCount(3);
  });

  test('a captured value is shown where it was captured and where it is used', async () => {
    await run('capture');
    await verdict('capture', 'passed');
    await expect(step('capture')).toContainText('answer');
    await expect(step('use')).toContainText('42');
    await idle();
    await run('use');
    await verdict('use', 'passed');
    await expect(lines('use', 'matched')).toHaveText([/again 42/]);
  });

  test('a table is a table, an awaited step tells how long it took, a plain one shows its output', async () => {
    await run('table');
    await verdict('table', 'passed');
    await expect(step('table').getByRole('cell', { name: 'primary' })).toBeVisible();
    await idle();
    await run('wait');
    await verdict('wait', 'passed');
    await expect(step('wait').locator('.step-badge')).toContainText('so after');
    await idle();
    await expect(step('plain').locator('.step-host'), 'also where the page names no host').toHaveText('postgres1');
    await run('plain');
    await verdict('plain', 'passed');
    await expect(step('plain').locator('.step-output')).toHaveText('1\n2\n3');
  });

  test('a dangerous step asks, naming host and command, and refusing runs nothing', async () => {
    book.onHost('touch /srv/backup/precious');
    await idle();
    await run('clear');
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('rm -rf /srv/backup/*');
    await expect(dialog).toContainText('postgres1');
    await expect(dialog.getByRole('button', { name: 'Don’t run' })).toBeFocused();
    await page.screenshot({ path: book.picture('danger') });
    await page.keyboard.press('Escape');
    await verdict('clear', 'skipped');
    expect(book.onHost('ls /srv/backup')).toBe('precious');
    await idle();
    await run('clear');
    await dialog.getByRole('button', { name: 'Run it on postgres1' }).click();
    await verdict('clear', 'passed');
    expect(book.onHost('ls /srv/backup')).toBe('');
  });

  test('failures show what was expected, what came, and what helps', async () => {
    await open('/trial/failures/');
    await run('differs');
    await verdict('differs', 'failed');
    await expect(lines('differs', 'missing')).toHaveText([/second/]);
    await expect(lines('differs', 'unexpected')).toHaveText([/something else/]);
    await expect(step('differs')).toContainText('Is it running?');
    await idle();
    await run('table-differs');
    await verdict('table-differs', 'failed');
    const cells = step('table-differs').locator('td[data-differs]');
    await expect(cells).toHaveCount(3);
    await expect(cells.first()).toContainText('up');
    await expect(cells.first()).toContainText('down');
    await page.screenshot({ path: book.picture('failed') });
    await idle();
    await run('exit-code');
    await verdict('exit-code', 'failed');
    await expect(step('exit-code')).toContainText('exit code 1');
  });

  test('output cannot become part of the page', async () => {
    await idle();
    const title = await page.title();
    await run('hostile');
    await verdict('hostile', 'failed');
    await expect(lines('hostile', 'unexpected')).toContainText(['<script>window.stolen=1</script>']);
    expect(await page.evaluate('window.stolen')).toBeUndefined();
    expect(await page.title()).toBe(title);
  });

  test('a step that never ends is stopped', async () => {
    await idle();
    await run('endless');
    await expect(lines('endless', 'matched')).toHaveText([/started/]);
    await page.getByRole('button', { name: 'Stop step endless' }).click();
    await verdict('endless', 'could not be executed');
    await expect(step('endless')).toContainText('was stopped');
  });

  test('steps of another document run, and a command in another tab is the one that is told of', async () => {
    await open('/trial/parts/');
    await run('from-part');
    await verdict('from-part', 'passed');
    await idle();
    await run('in-tabs');
    await verdict('in-tabs', 'passed');
    await expect(step('in-tabs').locator('.step-values').first()).toContainText('answer');
    await expect(page.locator('[data-part-of=in-tabs] .step-command')).toContainText('on Linux');
  });

  test('an edit of another document makes the page another one', async () => {
    await idle();
    const part = join(book.root, 'content/docs/trial/_part.mdx');
    const original = readFileSync(part, 'utf8');
    writeFileSync(part, original.replace('6 * 7', '6 * 8'));
    try {
      const reloaded = page.waitForEvent('load');
      await run('from-part');
      await reloaded;
      await idle();
      await run('from-part');
      await expect(page.getByText('This page is not the one on the disk')).toBeVisible();
    } finally {
      writeFileSync(part, original);
    }
  });

  test('a reload in the middle loses nothing', async () => {
    await open('/trial/steps/');
    book.onHost('rm -f /srv/log/go-*');
    await run('grow');
    await expect(lines('grow', 'pending')).toHaveCount(3);
    book.onHost('touch /srv/log/go-1');
    await expect(lines('grow', 'matched')).toHaveCount(1);
    await page.reload();
    await expect(lines('grow', 'matched')).toHaveText([/line 1/]);
    await expect(step('grow').locator('.step-badge')).toContainText('running');
    await expect(step('plain').locator('.step-badge')).toContainText('passed');
    book.onHost('touch /srv/log/go-2 /srv/log/go-3');
    await verdict('grow', 'passed');
  });

  test('a run of many steps is shown without asking for the layout in between, and wide ones are reached by keyboard', async () => {
    const other = await reader.context.newPage();
    await other.addInitScript({ content: countLayoutReads });
    await other.goto(`${book.origin}/trial/many/`);
    const runAll = other.getByRole('button', { name: /^Run all/ });
    await expect(runAll).toBeEnabled({ timeout: 30_000 });
    await other.evaluate('globalThis.layoutReads = []');
    await runAll.click();
    await expect(other.locator('.bar-summary')).toContainText('30 of 30', { timeout: 60_000 });
    // What the highlighter's own script asks is seldom, and not ours.
    const asked = await other.evaluate<readonly string[]>('globalThis.layoutReads');
    expect(asked.filter((stack) => !stack.includes('/_astro/ec.'))).toEqual([]);
    await other.locator('#step-s29').scrollIntoViewIfNeeded();
    await expect(other.locator('#step-s29 .diff-scroll')).toHaveAttribute('tabindex', '0');
    await expect(other.locator('#step-s28 .step-output')).toHaveAttribute('tabindex', '0');
    await other.screenshot({ path: book.picture('many') });
    await other.close();
  });

  test('terminals are only loaded when one is opened; a reader types into the shell in which steps run', async () => {
    const loaded = (): Promise<boolean> =>
      page.evaluate(() =>
        performance.getEntriesByType('resource').some(({ name }) => /xterm|terminal-dock/.test(name)),
      );
    await open('/trial/steps/');
    expect(await loaded()).toBe(false);
    await openTerminal('postgres1');
    expect(await loaded()).toBe(true);
    await type('postgres1', 'echo typed-$((20 + 3))');
    await expect(terminal('postgres1').locator('.xterm-rows')).toContainText('typed-23');
    await idle();
    await run('plain');
    await verdict('plain', 'passed');
    await page.getByRole('button', { name: 'Show in terminal where step plain ran' }).click();
    await expect(terminal('postgres1').locator('.xterm-rows')).toContainText('seq 3');
    await page.screenshot({ path: book.picture('terminal') });
  });

  test('a terminal comes back after a reload with what it showed', async () => {
    await page.reload();
    await expect(terminal('postgres1').locator('.xterm-rows')).toContainText('typed-23');
  });

  test('a flood leaves the page usable, and Ctrl-C ends it at once', async () => {
    await type('postgres1', 'yes flood');
    await expect(terminal('postgres1').locator('.xterm-rows')).toContainText('flood');
    await page.getByRole('heading', { name: 'Danger' }).scrollIntoViewIfNeeded();
    await terminal('postgres1').locator('.xterm').click();
    await page.keyboard.press('Control+C');
    await type('postgres1', 'echo after-$((6 + 1))');
    await expect(terminal('postgres1').locator('.xterm-rows')).toContainText('after-7', { timeout: 5_000 });
    await page
      .getByRole('button', { name: /^Close the terminal on/ })
      .first()
      .click();
  });

  test('by keyboard alone: run a step, refuse danger, into a terminal and out of it', async () => {
    await open('/trial/steps/');
    await page.getByRole('button', { name: 'Run step plain', exact: true }).focus();
    await page.keyboard.press('Alt+Enter');
    await verdict('plain', 'passed');
    await idle();
    await page.keyboard.press('Alt+ArrowDown');
    await page.keyboard.press('Alt+Enter');
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.keyboard.press('Enter');
    await verdict('clear', 'skipped');
    await page.getByRole('button', { name: 'Terminal on postgres1', exact: true }).focus();
    await page.keyboard.press('Enter');
    await expect(terminal('postgres1').locator('textarea')).toBeFocused();
    await page.keyboard.press('Control+Shift+ArrowUp');
    await expect(terminal('postgres1').locator('textarea')).not.toBeFocused();
    await page
      .getByRole('button', { name: /^Close the terminal on/ })
      .first()
      .click();
  });

  test('two hosts stand side by side, each with its own shell', async () => {
    await open('/trial/two-hosts/');
    await page.getByRole('button', { name: /^Run all/ }).click();
    await verdict('on-beta', 'passed');
    await verdict('on-alpha', 'passed');
    await openTerminal('alpha');
    await openTerminal('beta');
    for (const host of ['alpha', 'beta']) {
      await type(host, 'echo "I am $(hostname)."');
      await expect(terminal(host).locator('.xterm-rows')).toContainText(`I am ${host}.`);
    }
    const boxes = await Promise.all(['alpha', 'beta'].map((host) => terminal(host).boundingBox()));
    expect(boxes[0]?.y).toBe(boxes[1]?.y);
    await page.screenshot({ path: book.picture('two-hosts') });
    await page.getByRole('button', { name: 'Close all terminals' }).click();
  });

  test('the lab is brought down, up, and reset from the bar', async () => {
    await open('/trial/two-hosts/');
    await page.getByRole('button', { name: 'Take down' }).click();
    const host = page.locator('.tejun-bar li[data-host="alpha"]');
    await expect(host).toContainText('down', { timeout: 20_000 });
    await page.getByRole('button', { name: 'Bring up' }).click();
    await expect(host).not.toContainText('down', { timeout: 20_000 });
    await expect(page.locator('#step-on-alpha .step-badge')).toBeHidden();
  });

  for (const scheme of ['light', 'dark'] as const) {
    test(`no fault for people with other senses or hands, ${scheme}`, async () => {
      await page.emulateMedia({ colorScheme: scheme });
      await page.evaluate((theme) => localStorage.setItem('starlight-theme', theme), scheme);
      for (const path of ['/trial/steps/', '/trial/failures/']) {
        await open(path);
        expect(await seriousFaults(page), path).toEqual([]);
      }
      await openTerminal('postgres1');
      expect(await seriousFaults(page)).toEqual([]);
      await page
        .getByRole('button', { name: /^Close the terminal on/ })
        .first()
        .click();
    });
  }

  test('on a phone nothing is wider than the screen', async () => {
    await page.setViewportSize({ width: 375, height: 740 });
    for (const path of ['/trial/steps/', '/trial/failures/']) {
      await open(path);
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(375);
    }
    await page.screenshot({ path: book.picture('phone') });
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  test('a runner that is killed in a step: the page says so, and goes on with the next one', async () => {
    await open('/trial/steps/');
    book.onHost('rm -f /srv/log/go-*');
    await run('grow');
    await expect(lines('grow', 'pending')).toHaveCount(3);
    await book.end('SIGKILL');
    await expect(page.locator('.bar-connection')).toContainText('npm start', { timeout: 20_000 });
    await expect(page.getByRole('button', { name: 'Run step plain', exact: true })).toBeDisabled();
    await page.screenshot({ path: book.picture('no-runner') });
    book.onHost('touch /srv/log/go-1 /srv/log/go-2 /srv/log/go-3');
    const address = await book.start();
    const second = await reader.context.newPage();
    await enter(second, address);
    await second.close();
    await page.getByRole('button', { name: 'Go on at step grow' }).click({ timeout: 60_000 });
    await verdict('grow', 'passed');
    await expect(lines('grow', 'matched')).toHaveCount(3);
  });

  test('nothing went wrong unseen', () => reader.leave());
});

/** A page of steps whose lines are wider than the page; every other one has an expectation. */
function manySteps(count: number): string {
  const line = 'wide '.repeat(60).trim();
  const steps = Array.from({ length: count }, (_, n) => {
    const command = `~~~sh step=s${n}\necho ${line}\n~~~\n`;
    return n % 2 === 0 ? command : `${command}\n~~~expect\n${line}\n~~~\n`;
  });
  return ['---', 'title: Many steps', 'tejun: {lab: linux, checkpoint: empty}', '---', '', ...steps].join('\n');
}

/**
 * Runs in a page before its own scripts: notes who asks for the size or place of an element. Only in what a `ResizeObserver`
 * calls, after a frame's layout, is that free; elsewhere the browser lays the page out anew.
 */
const countLayoutReads = `{
  globalThis.layoutReads = [];
  let free = false;
  const note = (what) => free || layoutReads.push(what + ' ' + new Error().stack);
  for (const name of ['scrollWidth', 'scrollHeight', 'clientWidth', 'clientHeight', 'offsetWidth', 'offsetHeight']) {
    const owner = name.startsWith('offset') ? HTMLElement.prototype : Element.prototype;
    const { get } = Object.getOwnPropertyDescriptor(owner, name);
    Object.defineProperty(owner, name, { get() { note(name); return get.call(this); } });
  }
  const place = Element.prototype.getBoundingClientRect;
  Element.prototype.getBoundingClientRect = function () { note('getBoundingClientRect'); return place.call(this); };
  globalThis.ResizeObserver = class extends ResizeObserver {
    constructor(callback) {
      super((...told) => { free = true; try { callback(...told); } finally { free = false; } });
    }
  };
}`;
