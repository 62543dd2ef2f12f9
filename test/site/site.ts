import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from '@playwright/test';
import { startChromium } from '../browser/chromium.ts';
import { buildSite } from './build-site.ts';
import { RecordedBook } from './recorded-book.ts';
import { SiteServer } from './site-server.ts';

/** The book of cases as a built site, served like any static site, and a browser. */
export class Site {
  readonly book: RecordedBook;
  readonly dist: string;
  readonly browser: Browser;
  readonly #server: SiteServer;

  private constructor(book: RecordedBook, dist: string, browser: Browser, server: SiteServer) {
    this.book = book;
    this.dist = dist;
    this.browser = browser;
    this.#server = server;
  }

  static async build(base = '/'): Promise<Site> {
    const book = new RecordedBook();
    const dist = mkdtempSync(join(tmpdir(), 'tejun-dist-'));
    const { code, said } = await buildSite(book.root, dist, base);
    assert.equal(code, 0, said);
    return new Site(book, dist, await startChromium(), await SiteServer.start(dist, base));
  }

  get origin(): string {
    return this.#server.origin;
  }

  /** Shows a page to a reader of their own, does something with it, and fails when a script did or anything was foreign. */
  async read(path: string, use: (page: Page) => Promise<void>, options: BrowserContextOptions = {}): Promise<void> {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(`script: ${error.message}`));
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(`${this.origin}/`) && !/^(data|blob):/.test(url)) complaints.push(`request: ${url}`);
    });
    try {
      await page.goto(`${this.origin}${path}`);
      await use(page);
      assert.deepEqual(complaints, []);
    } finally {
      await context.close();
    }
  }

  /** As `read`, without scripts. */
  plainly(path: string, use: (page: Page) => Promise<void>): Promise<void> {
    return this.read(path, use, { javaScriptEnabled: false });
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.#server.close();
    this.book.close();
    rmSync(this.dist, { recursive: true, force: true });
  }
}
