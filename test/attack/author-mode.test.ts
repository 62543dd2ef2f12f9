import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, suite, test } from 'node:test';
import { WebSocket } from 'ws';
import { ServedBook, trialBook } from '../browser/served-book.ts';
import { Wire } from './wire.ts';

// The development server serves any file of the checkout, opens files in editors, and tells its token to every page that it
// serves: the gate stands before all of it.
suite("the author's mode", { timeout: 120_000 }, () => {
  const book = new ServedBook(4739, trialBook);
  const wire = new Wire(4739);
  let entry: string;
  let cookie: string;

  before(async () => {
    entry = await book.start('dev');
  });
  after(async () => {
    wire.hangUp();
    await book.close();
  });

  test('nothing of the development server is to be had before the entry', async () => {
    for (const path of [
      '/',
      '/@vite/client',
      '/@vite/env',
      '/@fs/etc/passwd',
      '/@id/astro:content',
      '/components/client/live.ts',
      '/package.json',
      '/__open-in-editor?file=package.json',
      '/_image?href=/etc/passwd',
      '/_server-islands/x',
      '/.vite/deps/_metadata.json',
      '/@fs/%2e%2e/etc/passwd?raw??',
      '/nothing',
    ]) {
      const { status, body, headers } = await wire.get(path);
      assert.equal(status, 401, path);
      assert.doesNotMatch(body, /root:|import\.meta|"dependencies"/, path);
      assert.match(String(headers['content-security-policy']), /^default-src 'none'/);
    }
  });

  test('neither is its WebSocket, whatever it is asked for', async () => {
    const own = { Origin: wire.origin };
    for (const [headers, path, status] of [
      [own, '/', 401],
      [{}, '/', 403],
      [{ Origin: 'http://evil.example' }, '/', 403],
      [own, '/_tejun/socket', 401],
      [{ ...own, Host: 'evil.example' }, '/', 403],
    ] as const)
      for (const protocol of ['vite-hmr', 'vite-ping'])
        assert.equal(await wire.socket(headers, path, [protocol]), status, `${protocol} ${path}`);
  });

  test('other sites, names and methods are refused also with a session', async () => {
    cookie = await wire.use(entry);
    const session = { Cookie: cookie };
    assert.equal((await wire.get('/@vite/client', session)).status, 200);
    assert.equal((await wire.get('/', { ...session, Origin: 'http://evil.example' })).status, 403);
    assert.equal((await wire.get('/', { ...session, Host: 'evil.example' })).status, 403);
    const image = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'image' };
    assert.equal((await wire.get('/__open-in-editor?file=x', { ...session, ...image })).status, 403);
    for (const method of ['POST', 'PUT', 'DELETE', 'TRACE', 'OPTIONS'])
      assert.equal((await wire.get('/', session, method)).status, 405, method);
    for (const origin of ['http://evil.example', 'http://localhost:1', 'http://127.0.0.1:1']) {
      const preflight = { Origin: origin, 'Access-Control-Request-Method': 'GET' };
      for (const method of ['OPTIONS', 'GET']) {
        const { headers } = await wire.get('/', { ...session, ...preflight }, method);
        assert.equal(headers['access-control-allow-origin'], undefined);
      }
    }
  });

  test('malformed upgrades and requests end nothing', async () => {
    const head = `Host: ${wire.host}\r\nCookie: ${cookie}\r\nOrigin: ${wire.origin}\r\n`;
    const upgrade = `${head}Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Protocol: vite-hmr\r\n`;
    const key = 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n';
    for (const bytes of [
      `GET //:0 HTTP/1.1\r\n${upgrade}${key}\r\n`,
      `GET http://[ HTTP/1.1\r\n${upgrade}${key}\r\n`,
      `GET :80@x HTTP/1.1\r\n${upgrade}${key}\r\n`,
      `GET /_tejun/socket HTTP/1.1\r\n${upgrade}\r\n`,
      `GET /_tejun/socket HTTP/1.1\r\n${upgrade}${key.replace('13', '7')}\r\n`,
      `CONNECT x:1 HTTP/1.1\r\n${head}\r\n`,
      'nonsense\r\n\r\n',
    ]) {
      const socket = wire.connect();
      await new Promise((resolve) => socket.write(bytes, resolve));
      // Asked after it, and so answered after it was read.
      assert.equal((await wire.get('/@vite/client', { Cookie: cookie })).status, 200, bytes.slice(0, 30));
    }
  });

  test('an honest page has both its own WebSocket and that of the development server', async () => {
    const session = { Cookie: cookie, Origin: wire.origin };
    const page = await wire.socket(session);
    assert.ok(page instanceof WebSocket);
    page.send(JSON.stringify({ kind: 'hello', version: 1 }));
    const [welcome] = await once(page, 'message');
    assert.equal(JSON.parse(welcome.toString()).kind, 'welcome');
    const { body } = await wire.get('/@vite/client', { Cookie: cookie });
    const token = /wsToken = "([^"]+)"/.exec(body)?.[1];
    assert.ok(token, 'Vite tells its token');
    const updates = await wire.socket(session, `/?token=${token}`, ['vite-hmr']);
    assert.ok(updates instanceof WebSocket, `refused with ${updates}`);
    const stolen = await wire.socket({ Origin: wire.origin }, `/?token=${token}`);
    assert.equal(stolen, 401, 'the token alone is not enough');
  });
});
