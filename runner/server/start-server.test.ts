import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { closing, hello, Target } from '../../test/attack/target.ts';
import { defaultPort } from './listen.ts';
import { startServer } from './start-server.ts';

const site = mkdtempSync(join(tmpdir(), 'tejun-site-'));
writeFileSync(join(site, 'index.html'), '<html></html>');
after(() => rmSync(site, { recursive: true }));
const live = { connected: () => ({ receive: () => undefined, gone: () => undefined }), close: async () => undefined };

test('a page is told that a runner serves it', async (context) => {
  const target = await Target.start();
  context.after(() => target.close());
  const cookie = await target.enter();
  const { status, headers, body } = await target.get('/', { Cookie: cookie });
  assert.equal(status, 200);
  assert.equal(headers['content-type'], 'text/html; charset=utf-8');
  assert.equal(headers['content-length'], String(Buffer.byteLength(body)));
  assert.match(body, /^<!DOCTYPE html><html data-runner lang="en">/);
  const missing = await target.get('/nothing', { Cookie: cookie });
  assert.equal(missing.status, 404);
  assert.match(missing.body, /<html data-runner lang="en"><body>no such page/);
});

test('files come as what they are, and are kept as long as they are the same', async (context) => {
  const target = await Target.start();
  context.after(() => target.close());
  const cookie = await target.enter();
  const get = (path: string, headers = {}, method?: string) => target.get(path, { Cookie: cookie, ...headers }, method);

  const script = await get('/_astro/page.abc123.js');
  assert.equal(script.body, 'export const answer = 42;\n');
  assert.equal(script.headers['content-type'], 'text/javascript; charset=utf-8');
  assert.match(script.headers['cache-control'] ?? '', /immutable/);
  assert.equal((await get('/recordings/postgres1.cast')).headers['content-type'], 'application/x-asciicast');
  assert.deepEqual([(await get('/empty.txt')).status, (await get('/empty.txt')).body], [200, '']);

  const { etag = '', 'cache-control': cache } = (await get('/')).headers;
  assert.equal(cache, 'no-cache');
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const again = await get('/', { 'If-None-Match': known });
    assert.deepEqual([again.status, again.body], [304, ''], known);
  }
  assert.equal((await get('/', { 'If-None-Match': '"other"' })).status, 200);
  utimesSync(join(target.folder, 'site', 'index.html'), 1, 1);
  assert.equal((await get('/', { 'If-None-Match': etag })).status, 200, 'the file is another one');

  for (const path of ['/', '/_astro/page.abc123.js', '/nothing']) {
    const [head, whole] = [await get(path, {}, 'HEAD'), await get(path)];
    assert.equal(head.body, '');
    assert.equal(head.headers['content-length'], whole.headers['content-length']);
  }
});

test('without a port the next free one from the default on is taken', async () => {
  const first = await startServer({ site, live });
  const second = await startServer({ site, live });
  const [one, two] = [first, second].map(({ origin }) => Number(new URL(origin).port));
  assert.ok(one !== undefined && two !== undefined && one >= defaultPort && two > one);
  assert.equal(first.entry.startsWith(`http://127.0.0.1:${one}/_tejun/enter?token=`), true);
  await Promise.all([first.close(), second.close()]);
});

test('a port that was asked for and is taken is an error that says so', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  await assert.rejects(startServer({ site, live, port }), new RegExp(`port ${port} is taken\nchoose another`));
  other.close();
});

test('without a built site it says how to build it', async () => {
  await assert.rejects(startServer({ site: join(site, 'none'), live }), /there is no built site at .*none\nbuild it/);
  await assert.rejects(startServer({ site: join(site, 'index.html'), live }), /there is no built site/);
});

test('it ends at once with all that hangs on it, and leaves nothing open', async () => {
  const target = await Target.start();
  const cookie = await target.enter();
  const [page, mute] = [await target.page(cookie), await target.page(cookie)];
  // Its network takes nothing any more, so it never answers the close frame.
  mute.pause();
  const silent = target.connect();
  await once(silent, 'connect');
  const half = target.connect();
  half.write('GET / HTTP/1.1\r\nHost:');
  await once(half, 'connect');
  const gone = [silent, half].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
  const told = closing(page);
  const began = performance.now();
  await Promise.all([target.server.close(), target.server.close()]);
  assert.ok(performance.now() - began < 3000, 'a page that does not answer holds nothing up');
  assert.deepEqual(await told, { code: 1001, why: 'the runner ends' });
  await Promise.all(gone);
  await target.close();
});

test('an aborted signal ends it', async () => {
  const stop = new AbortController();
  const { origin, close } = await startServer({ site, live, port: 0, signal: stop.signal });
  assert.equal((await fetch(origin)).status, 401);
  stop.abort();
  await close();
  await assert.rejects(fetch(origin));
  await assert.rejects(startServer({ site, live, port: 0, signal: stop.signal }), { name: 'AbortError' });
});

test('a mistake behind the server costs one page, not the runner', async (context) => {
  const fail = (what: string) => (): never => {
    throw new Error(what);
  };
  const brokenLive = {
    connected: () => ({ receive: fail('our own mistake'), gone: fail('another one') }),
    close: async () => undefined,
  };
  const target = await Target.start({}, brokenLive);
  context.after(() => target.close());
  const cookie = await target.enter();
  const page = await target.page(cookie);
  const closed = closing(page);
  page.send(hello);
  assert.deepEqual(await closed, { code: 1011, why: 'a mistake in the runner' });
  assert.equal((await target.get('/', { Cookie: cookie })).status, 200);
  await target.page(cookie);
  assert.match(String(target.faults[0]), /our own mistake/);
});
