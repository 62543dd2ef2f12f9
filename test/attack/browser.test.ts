import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, suite, test } from 'node:test';
import { type Browser, type BrowserContext, expect, type Page } from '@playwright/test';
import { onwardPage } from '../../runner/cli/open-browser.ts';
import { startServer } from '../../runner/server/start-server.ts';
import { startChromium } from '../browser/chromium.ts';
import { Target } from './target.ts';

const theirs = "window.its = 'the build’s own'";
const hash = `'sha256-${createHash('sha256').update(theirs).digest('base64')}'`;
const poisoned = (evil: string): string => `<!DOCTYPE html><html lang="en"><body>
<script>${theirs}</script>
<script>window.evil = 'inline'</script>
<script src="data:text/javascript,window.evil='data'"></script>
<script src="${evil}/evil.js"></script>
<svg onload="window.evil = 'handler'"></svg><img src="/none.png" onerror="window.evil = 'handler'" alt="">
<a id="link" href="javascript:window.evil='link'">a link</a>
<form action="${evil}/form"><button>send</button></form>
<iframe srcdoc="<script>parent.evil = 'frame'</script>" title="frame"></iframe>
<base href="${evil}/"><img src="${evil}/image" alt=""><link rel="stylesheet" href="${evil}/style">
<meta http-equiv="refresh" content="0;url=javascript:window.evil='refresh'">
<p>a poisoned page</p></body></html>`;

const knock = `(origin) => new Promise((resolve) => {
  const socket = new WebSocket(origin.replace('http', 'ws') + '/_tejun/socket');
  socket.onopen = () => resolve('open');
  socket.onerror = () => resolve('refused');
})`;

// Runs in the evil page. As text, since the DOM's types are no part of the runner's.
const attempts = `async (origin) => {
  const outcome = (promise) => promise.then((got) => got, () => 'refused');
  const element = (name, attributes) =>
    new Promise((resolve) => {
      const made = Object.assign(document.createElement(name), attributes);
      made.onload = () => resolve('loaded');
      made.onerror = () => resolve('refused');
      document.body.append(made);
    });
  const credentials = 'include', mode = 'no-cors';
  return {
    fetch: await outcome(fetch(origin, { credentials }).then((response) => response.text())),
    opaque: await outcome(fetch(origin, { mode, credentials }).then(({ type }) => type)),
    post: await outcome(fetch(origin + '/_tejun/socket', { method: 'POST', mode, credentials }).then(({ type }) => type)),
    script: await element('script', { src: origin + '/_astro/page.abc123.js', type: 'module' }),
    plainScript: await element('script', { src: origin + '/_astro/page.abc123.js' }),
    socket: await (${knock})(origin),
  };
}`;

// What an evil page can do with a browser that was let in. Names are resolved by the browser as an attacker's DNS would.
suite('a browser on evil pages', { timeout: 120_000 }, () => {
  let target: Target;
  let evil: Server;
  let evilPort: number;
  const asked: string[] = [];
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  before(async () => {
    target = await Target.start();
    const folder = join(target.folder, 'site');
    mkdirSync(join(folder, 'poisoned'));

    evil = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.setHeader('Content-Type', 'text/html');
      response.end(
        `<!DOCTYPE html><title>evil</title><a id="to" href="${new URL(request.url ?? '', 'http://x').searchParams.get('to')}">win</a>`,
      );
    }).listen(0, '127.0.0.1');
    await once(evil, 'listening');
    evilPort = (evil.address() as AddressInfo).port;
    writeFileSync(join(folder, 'poisoned', 'index.html'), poisoned(`http://evil.example:${evilPort}`));
    browser = await startChromium(['--host-resolver-rules=MAP *.example 127.0.0.1']);
  });
  after(async () => {
    await browser?.close();
    evil?.close();
    await target?.close();
  });
  beforeEach(async () => {
    context = await browser.newContext();
    page = await context.newPage();
  });
  afterEach(() => context.close());

  const visitEvil = (host: string, to = ''): Promise<unknown> =>
    page.goto(`http://${host}:${evilPort}/?to=${encodeURIComponent(to)}`);
  const letIn = async (): Promise<void> => {
    await page.goto(target.server.newEntry());
    await expect(page.locator('body')).toContainText('the start page');
  };

  test('the entry lets the reader in, by hand and through another site’s link alike', async () => {
    await page.goto(target.server.newEntry('/operations/backup/'));
    await expect(page.locator('body')).toContainText('about backups');
    assert.equal(page.url(), `${target.server.origin}/operations/backup/`);
    assert.equal(await page.evaluate('document.cookie'), '', 'no script sees the cookie');

    await context.clearCookies();
    await visitEvil('mail.example', target.server.newEntry());
    await page.locator('#to').click();
    await expect(page.locator('body')).toContainText('the start page');
    assert.equal(await page.locator('html').getAttribute('data-runner'), '');
    await page.goBack();
    await expect(page).toHaveTitle('evil');
  });

  test('the entry lets the reader in through the file that the runner opens', async () => {
    const file = join(target.folder, 'entry.html');
    writeFileSync(file, onwardPage(target.server.newEntry('/operations/backup/')));
    await page.goto(`file://${file}`);
    await expect(page.locator('body')).toContainText('about backups');
  });

  test('an entry that was used is explained, in both languages', async () => {
    const entry = target.server.newEntry();
    await page.goto(entry);
    await expect(page.locator('body')).toContainText('the start page');
    await context.clearCookies();
    assert.equal((await page.goto(entry))?.status(), 403);
    await expect(page.locator('section[lang=en]')).toContainText('used already');
    await expect(page.locator('section[lang=ja]')).toContainText('すでに使われています');
  });

  test('another site’s link opens a page only when the reader asks once more', async () => {
    await letIn();
    await visitEvil('mail.example', `${target.server.origin}/operations/backup/`);
    await page.locator('#to').click();
    await expect(page.locator('h1').first()).toContainText('not let in');
    await page.getByRole('link', { name: /open the page again/ }).click();
    await expect(page.locator('body')).toContainText('about backups');
  });

  for (const host of ['evil.example', '127.0.0.1', 'localhost']) {
    test(`a page of ${host} on another port gets nothing of it`, async () => {
      await letIn();
      await visitEvil(host);
      const statuses: number[] = [];
      page.on('response', (response) => {
        if (response.url().startsWith(target.server.origin)) statuses.push(response.status());
      });
      const got = await page.evaluate<Record<string, string>>(`(${attempts})('${target.server.origin}')`);
      // `no-cors` answers are opaque at best; with Cross-Origin-Resource-Policy not even that from another site.
      assert.ok(['refused', 'opaque'].includes(String(got.opaque)) && ['refused', 'opaque'].includes(String(got.post)));
      assert.deepEqual(
        [got.fetch, got.script, got.plainScript, got.socket],
        ['refused', 'refused', 'refused', 'refused'],
      );
      assert.ok(
        statuses.every((status) => status === 403 || status === 405),
        String(statuses),
      );
    });
  }

  test('no page can put it into a frame or reach it through a window', async () => {
    await letIn();
    await visitEvil('127.0.0.1');
    const frame = page.waitForResponse(`${target.server.origin}/`);
    await page.evaluate(
      `document.body.append(Object.assign(document.createElement('iframe'), { src: '${target.server.origin}/' }))`,
    );
    assert.equal((await frame).status(), 403);
    const opened = context.waitForEvent('page');
    await page.evaluate(`window.opened = window.open('${target.server.origin}/'); undefined`);
    const other = await opened;
    await expect(other.locator('body')).toContainText('the start page');
    assert.equal(await other.evaluate('window.opener'), null);
    await expect.poll(() => page.evaluate('window.opened.closed')).toBe(true);
  });

  test('a name that is rebound to this machine after its page was loaded gets nothing', async () => {
    await letIn();
    const answer = await page.goto(`http://rebound.example:${target.port}/`);
    assert.equal(answer?.status(), 403);
    await expect(page.locator('body')).not.toContainText('start page');
    const got = await page.evaluate(
      `(async () => ({ page: (await fetch('/operations/backup/')).status, socket: await (${knock})(location.origin) }))()`,
    );
    assert.deepEqual(got, { page: 403, socket: 'refused' });
  });

  test('nothing in a page runs but what the build itself wrote', async () => {
    writeFileSync(join(target.folder, 'site', 'script-hashes.json'), JSON.stringify([hash]));
    const live = {
      connected: () => ({ receive: () => undefined, gone: () => undefined }),
      close: async () => undefined,
    };
    const server = await startServer({ site: join(target.folder, 'site'), live, port: 0 });
    try {
      await page.goto(server.entry);
      await expect(page.locator('body')).toContainText('the start page');
      asked.length = 0;
      await page.goto(`${server.origin}/poisoned/`);
      await expect(page.locator('p')).toContainText('a poisoned page');
      await page.locator('#link').click();
      await page.evaluate('document.forms[0].requestSubmit()');
      assert.equal(await page.evaluate('window.its'), 'the build’s own');
      assert.equal(await page.evaluate('window.evil'), undefined);
      assert.equal(page.url(), `${server.origin}/poisoned/`);
      assert.deepEqual(asked, [], 'the evil server hears nothing');
    } finally {
      await server.close();
    }
  });
});
