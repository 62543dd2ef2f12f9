import assert from 'node:assert/strict';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
  expect as usualExpect,
} from '@playwright/test';

/** Playwright's, with patience for two busy cores. */
export const expect = usualExpect.configure({ timeout: 20_000 });

/** Starts Debian's Chromium; it asks nobody on the network for anything. */
export function startChromium(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...more,
    ],
  });
}

/** A reader with cookies of their own, who writes down whatever goes wrong unseen. */
export class Reader {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors of scripts, refusals by the security policy, requests to anybody else. */
  readonly complaints: string[] = [];

  private constructor(context: BrowserContext, page: Page, origin: string) {
    this.context = context;
    this.page = page;
    page.on('pageerror', (error) => this.complaints.push(`script: ${error.message}`));
    page.on('console', (message) => {
      const { url } = message.location();
      // A runner that is away cannot be told from a wrong address by the browser; the page says which it is. For an icon
      // Chromium asks by itself, before it has read which one the page names.
      if (message.type() !== 'error' || url.endsWith('/favicon.ico')) return;
      // The page asks why its socket was refused, and the runner is back by then: no fault of anybody's.
      if (url.endsWith('/_tejun/socket') && /\b426\b/.test(message.text())) return;
      if (!/WebSocket|ERR_CONNECTION_REFUSED|401/.test(message.text()))
        this.complaints.push(`console: ${message.text()} (${url})`);
    });
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(`${origin}/`) && !/^(data|blob|about):/.test(url)) this.complaints.push(`request: ${url}`);
    });
  }

  static async arrive(browser: Browser, origin: string, options: BrowserContextOptions = {}): Promise<Reader> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    return new Reader(context, await context.newPage(), origin);
  }

  /** Enters by an entry address, which leads on to a page of the site. */
  async enter(address: string): Promise<void> {
    await enter(this.page, address);
  }

  /** Leaves, and fails when anything went wrong unseen. */
  async leave(): Promise<void> {
    await this.context.close();
    assert.deepEqual(this.complaints, []);
  }
}

/** Enters by an entry address: waits until it has led on, because going elsewhere at once would meet that. */
export async function enter(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.waitForURL((url) => !url.pathname.startsWith('/_tejun/'));
}
