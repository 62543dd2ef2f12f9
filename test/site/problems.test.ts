import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Browser, expect, type Page } from '@playwright/test';
import { scratchOf } from '../../components/build/book.ts';
import { startChromium } from '../browser/chromium.ts';
import { astro, buildSite, checkout } from './build-site.ts';
import { RecordedBook } from './recorded-book.ts';

/** Changes a page of the book as an author would. */
function edit(book: RecordedBook, page: string, change: (source: string) => string): void {
  const file = join(book.root, 'content', 'docs', page);
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

test('ends a build with all mistakes of all pages, and leaves no site', async () => {
  const book = new RecordedBook();
  const dist = mkdtempSync(join(tmpdir(), 'tejun-dist-'));
  try {
    edit(book, 'cases/outcomes.mdx', (source) =>
      source.replace('step=exact', 'step=exact unttil=3s').replace('until=60s', 'until=60x'),
    );
    edit(book, 'cases/labs.mdx', (source) => source.replace('  lab: linux', '  labs: linux'));
    writeFileSync(
      join(book.root, 'content', 'recordings', 'cases', 'places', 'linux', 'recording.json'),
      '{"version": 2}',
    );
    const { code, said } = await buildSite(book.root, dist);
    assert.notEqual(code, 0);
    assert.match(said, /cases\/labs\.mdx:6:3: .*unknown key `labs`.*\n +hint: did you mean `lab`\?/);
    assert.match(said, /cases\/outcomes\.mdx:\d+:\d+: unknown attribute `unttil`\n +hint: did you mean `until`\?/);
    assert.match(said, /cases\/outcomes\.mdx:\d+:\d+: `60x` is no duration\n +hint: /);
    assert.match(said, /recordings\/cases\/places\/linux\/recording\.json:1:1: this recording cannot be used/);
    assert.ok(!existsSync(join(dist, 'index.html')));
  } finally {
    book.close();
    rmSync(dist, { recursive: true, force: true });
  }
});

describe('while an author writes', () => {
  const book = new RecordedBook();
  const path = '/cases/outcomes/';
  let server: ChildProcess;
  let address: string;
  let browser: Browser;
  let page: Page;

  before(async () => {
    server = spawn(process.execPath, [astro, 'dev', '--host', '127.0.0.1', '--port', '0'], {
      cwd: checkout,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, TEJUN_ROOT: book.root, TEJUN_LIVE: '1', ASTRO_TELEMETRY_DISABLED: '1', NO_COLOR: '1' },
    });
    address = await new Promise<string>((resolve, reject) => {
      let said = '';
      server.stdout?.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
        if (found) resolve(found);
      });
      server.once('exit', () => reject(new Error(said)));
    });
    browser = await startChromium();
    page = await browser.newPage();
    await page.goto(`${address}${path}`);
  });

  after(async () => {
    await browser?.close();
    if (server.kill()) await once(server, 'exit');
    rmSync(scratchOf(book.root), { recursive: true, force: true });
    book.close();
  });

  test('marks pages as live', async () => {
    await expect(page.locator('html')).toHaveAttribute('data-runner', '');
    await expect(page.locator('.tejun-step')).toHaveCount(15);
  });

  test('shows an edit, and that the recording is of another step', async () => {
    edit(book, 'cases/outcomes.mdx', (source) => source.replace('"select 1"', '"select 11"'));
    await expect(page.locator('#step-exact')).toContainText('select 11');
    await expect(page.locator('#step-exact .step-state')).toHaveText('⚠ stale');
    // Colours and frames come with the first block of a page, also of a page that is made anew.
    await expect(page.locator('#step-exact .ec-line').first()).toHaveCSS('display', 'grid');
  });

  test('shows a mistake with file, line and hint, and mends itself', async () => {
    edit(book, 'cases/outcomes.mdx', (source) => source.replace('step=exact', 'step=exact unttil=3s'));
    const overlay = page.locator('vite-error-overlay');
    await expect(overlay).toContainText(/cases\/outcomes\.mdx:15:\d+: unknown attribute/);
    await expect(overlay).toContainText(/hint: did you mean until\?/);
    edit(book, 'cases/outcomes.mdx', (source) => source.replace(' unttil=3s', ''));
    await expect(overlay).toHaveCount(0);
    await expect(page.locator('.tejun-step')).toHaveCount(15);
  });

  test('shows a new recording', async () => {
    book.record('cases/outcomes', 'linux', [{ step: 'volatile', output: '742\n' }]);
    await expect(page.locator('#step-volatile .recorded .output')).toHaveText('742');
    assert.equal((await page.request.get(`${address}/recordings/cases/outcomes/linux/postgres1.cast`)).status(), 200);
    assert.equal((await page.request.get(`${address}/recordings/cases/outcomes/linux/recording.json`)).status(), 404);
    assert.equal((await page.request.get(`${address}/recordings/..%2f..%2fdocs/index.mdx.cast`)).status(), 404);
  });

  test('follows edits of documents that pages import', async () => {
    // An edit that comes before the page has its connection is shown when it is loaded again.
    const shows = (check: () => Promise<void>): Promise<void> =>
      expect(async () => {
        await page.goto(`${address}/cases/shows-parts/`);
        await check();
      }).toPass({ timeout: 60_000 });
    const standing = async (common: string, summary: string): Promise<void> => {
      await expect(page.locator('#step-common .step-state')).toHaveText(common);
      await expect(page.locator('.tejun-page')).toContainText(summary);
    };
    await shows(() => standing('✓ verified', '5 of 6'));
    edit(book, 'cases/_common.mdx', (source) => source.replace('echo common', 'echo  common'));
    await shows(() => standing('⚠ stale', '4 of 6'));
    await expect(page.locator('#step-common .step-command')).toContainText('echo  common');
    edit(book, 'cases/_parts/plain.md', (source) => source.replace('echo plain', 'echo  plain'));
    await shows(() => standing('⚠ stale', '3 of 6'));
    await expect(page.locator('#step-plain .step-command')).toContainText('echo  plain');
    edit(book, 'cases/_parts/inner.mdx', (source) => source.replace('step=inner', 'step=inner timout=3s'));
    const overlay = page.locator('vite-error-overlay');
    await shows(() => expect(overlay).toContainText(/cases\/_parts\/inner\.mdx:1:18: unknown attribute/));
    edit(book, 'cases/_parts/inner.mdx', (source) => source.replace(' timout=3s', ''));
    await shows(() => expect(page.locator('#step-inner')).toHaveCount(1));
    await expect(overlay).toHaveCount(0);
  });
});
