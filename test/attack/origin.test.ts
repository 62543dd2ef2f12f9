import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { after, before, test } from 'node:test';
import { Target } from './target.ts';

let target: Target;
let cookie: string;
before(async () => {
  target = await Target.start();
  cookie = await target.enter();
});
after(() => target.close());

const evilHosts = (port: number): readonly string[] => [
  'evil.example',
  `evil.example:${port}`,
  `127.0.0.1.evil.example:${port}`,
  `localhost.evil.example:${port}`,
  '127.0.0.1',
  'localhost',
  `127.0.0.1:${port + 1}`,
  `127.0.0.1:${port}0`,
  `0.0.0.0:${port}`,
  `[::1]:${port}`,
  `127.1:${port}`,
  `2130706433:${port}`,
  `LOCALHOST.:${port}`,
  `user@127.0.0.1:${port}`,
];

test('a name that was rebound to this machine gets nothing, neither page, nor entry, nor WebSocket', async () => {
  const entry = target.server.newEntry().slice(target.server.origin.length);
  for (const host of evilHosts(target.port)) {
    for (const path of ['/', entry]) {
      const { status, headers } = await target.get(path, { Host: host, Cookie: cookie });
      assert.equal(status, 403, `${host} ${path}`);
      assert.equal(headers['set-cookie'], undefined);
    }
    assert.equal(await target.socket({ Host: host, Cookie: cookie, Origin: `http://${host}` }), 403, host);
  }
  assert.equal((await target.get(entry)).status, 200, 'the entry was not used up');
});

test('a request without a Host or with two of them is refused', async () => {
  const own = `Host: ${target.host}\r\n`;
  const evil = 'Host: evil.example\r\n';
  for (const hosts of ['', 'Host:\r\n', own + evil, evil + own, own + own]) {
    const answer = await target.raw(`GET / HTTP/1.1\r\n${hosts}Cookie: ${cookie}\r\nConnection: close\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 40[03] /, JSON.stringify(hosts));
    assert.doesNotMatch(answer, /start page/);
  }
});

test('localhost is as good as 127.0.0.1', async () => {
  const host = `localhost:${target.port}`;
  assert.equal((await target.get('/', { Host: host, Cookie: cookie, Origin: `http://${host}` })).status, 200);
  const socket = await target.socket({ Host: host, Cookie: cookie, Origin: `http://${host}` });
  assert.ok(typeof socket === 'object');
});

test('a WebSocket needs a session and an Origin of our own', async () => {
  const own = target.server.origin;
  assert.equal(await target.socket({ Origin: own }), 401);
  assert.equal(await target.socket({ Origin: own, Cookie: 'tejun=1' }), 401);
  assert.equal(await target.socket({ Cookie: cookie }), 403, 'no Origin at all');
  for (const origin of [
    'null',
    'http://evil.example',
    `http://127.0.0.1.evil.example:${target.port}`,
    `https://127.0.0.1:${target.port}`,
    `http://127.0.0.1:${target.port + 1}`,
    'http://127.0.0.1',
    `${own}/`,
    `${own}.evil.example`,
    `${own}, http://evil.example`,
    'file://',
    'chrome-extension://abcdefgh',
  ])
    assert.equal(await target.socket({ Cookie: cookie, Origin: origin }), 403, origin);
  const fetched = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'websocket', 'Sec-Fetch-Dest': 'websocket' };
  assert.equal(await target.socket({ Cookie: cookie, Origin: own, ...fetched }), 403);
  assert.equal(await target.socket({ Cookie: cookie, Origin: own }, '/_tejun/other'), 404);
  assert.equal(await target.socket({ Cookie: cookie, Origin: own }, '/'), 404);
  assert.ok(typeof (await target.socket({ Cookie: cookie, Origin: own })) === 'object');
});

test('two Origins are not an Origin', async () => {
  const origins = [target.server.origin, 'http://evil.example'].map((origin) => `Origin: ${origin}\r\n`);
  for (const lines of [origins.join(''), origins.toReversed().join('')]) {
    const answer = await target.raw(
      `GET /_tejun/socket HTTP/1.1\r\nHost: ${target.host}\r\nCookie: ${cookie}\r\n${lines}Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
    );
    assert.match(answer, /^HTTP\/1\.1 403 /);
  }
});

test('another page can neither fetch, nor embed, nor frame; it may only link', async () => {
  const from = (site: string, mode: string, dest: string) =>
    target.get('/', { Cookie: cookie, 'Sec-Fetch-Site': site, 'Sec-Fetch-Mode': mode, 'Sec-Fetch-Dest': dest });
  for (const site of ['cross-site', 'same-site', 'of-tomorrow']) {
    for (const [mode, dest] of [
      ['cors', 'empty'],
      ['no-cors', 'image'],
      ['no-cors', 'script'],
      ['navigate', 'iframe'],
      ['navigate', 'object'],
      ['nested-navigate', 'embed'],
    ] as const)
      assert.equal((await from(site, mode, dest)).status, 403, `${site} ${mode} ${dest}`);
    assert.equal((await from(site, 'navigate', 'document')).status, 200);
  }
  assert.equal((await from('same-origin', 'cors', 'empty')).status, 200);
  assert.equal((await from('none', 'navigate', 'document')).status, 200);
  for (const origin of ['null', 'http://evil.example', `http://127.0.0.1:${target.port + 1}`])
    assert.equal((await target.get('/', { Cookie: cookie, Origin: origin })).status, 403, origin);
});

test('only GET and HEAD are taken, and no body', async () => {
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'PURGE', 'QUERY']) {
    const { status, headers, body } = await target.get('/', { Cookie: cookie, 'X-Echo': 'echoed' }, method);
    assert.equal(status, 405, method);
    assert.equal(headers.allow, 'GET, HEAD');
    assert.doesNotMatch(body, /echoed/, 'TRACE shows no request');
  }
  const head = `Host: ${target.host}\r\nCookie: ${cookie}\r\n`;
  for (const bytes of [
    `CONNECT evil.example:443 HTTP/1.1\r\n${head}\r\n`,
    `CONNECT ${target.host} HTTP/1.1\r\n${head}\r\n`,
    `OPTIONS * HTTP/1.1\r\n${head}\r\n`,
    `GET http://evil.example/ HTTP/1.1\r\n${head}\r\n`,
    `GET http://${target.host}/ HTTP/1.1\r\n${head}\r\n`,
    `GET / HTTP/1.1\r\n${head}Content-Length: 3\r\n\r\nabc`,
    `GET / HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`,
    `GET / HTTP/1.1\r\n${head}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n`,
    `GET / HTTP/1.1\r\n${head}Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n`,
    `GET / HTTP/1.1\r\n${head}X: a\nb: c\0\r\n\r\n`,
    'GET / HTTP/9.9\r\n\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    'GET /\r\n',
  ]) {
    const answer = await target.raw(bytes);
    assert.match(answer, /^HTTP\/1\.1 4\d\d /, JSON.stringify(bytes.split('\r\n', 1)[0]));
    assert.equal(answer.split('HTTP/1.1 ').length, 2, 'one answer, then the connection is closed');
    assert.match(answer, /\r\nContent-Security-Policy: default-src 'none'/);
  }
  await target.isWell();
});

test('what comes before the answer to the request before it ends the connection', async () => {
  const request = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: ${target.host}\r\nCookie: ${cookie}\r\n\r\n`;
  const upgrade = request('/_tejun/socket').replace(
    '\r\n\r\n',
    '\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
  );
  for (const next of [request('/'), request('/').repeat(1000), upgrade]) {
    const answer = await target.raw(request('/operations/backup/') + next);
    assert.doesNotMatch(answer, /start page|HTTP\/1\.1[\s\S]*HTTP\/1\.1/);
  }
});

test('every answer carries the strict headers', async () => {
  const cookies = { Cookie: cookie };
  const tag = (await target.get('/', cookies)).headers.etag ?? '';
  const answers = await Promise.all([
    target.get('/'),
    target.get('/', cookies),
    target.get('/', cookies, 'HEAD'),
    target.get('/', cookies, 'POST'),
    target.get('/', { ...cookies, 'If-None-Match': tag }),
    target.get('/operations/backup', cookies),
    target.get('/_astro/page.abc123.js', cookies),
    target.get('/nothing', cookies),
    target.get('/..%2f', cookies),
    target.get('/_tejun/nothing', cookies),
    target.get('/_tejun/socket', cookies),
    target.get('/', { Host: 'evil.example' }),
    target.get('/', { ...cookies, Origin: 'http://evil.example' }),
    target.get('/', { ...cookies, Expect: 'the unexpected' }),
    target.get(target.server.newEntry().slice(target.server.origin.length)),
    target.get(target.server.entry.slice(target.server.origin.length)),
  ]);
  assert.deepEqual(
    answers.map(({ status }) => status),
    [401, 200, 200, 405, 304, 308, 200, 404, 400, 404, 426, 403, 403, 417, 200, 403],
  );
  for (const { headers, status } of answers) {
    const policy = String(headers['content-security-policy']);
    assert.match(
      policy,
      /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'sha256-47DEQpj8[^ ]*'; /,
      `${status}`,
    );
    assert.ok(policy.includes(`connect-src 'self' ws://${target.host} ws://localhost:${target.port};`));
    for (const directive of ['frame-ancestors', 'base-uri', 'form-action', 'script-src-attr'])
      assert.ok(policy.includes(`${directive} 'none'`), directive);
    assert.doesNotMatch(
      policy.replace("style-src 'self' 'unsafe-inline'", ''),
      /unsafe-inline|unsafe-eval'.*unsafe-eval|\*|https?:/,
    );
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['x-frame-options'], 'DENY');
    assert.equal(headers['referrer-policy'], 'no-referrer');
    assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
    assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
    assert.ok(headers['permissions-policy']);
    assert.equal(headers['access-control-allow-origin'], undefined);
    assert.equal(headers.server, undefined);
    assert.equal(headers['x-powered-by'], undefined);
  }
});

test('nothing listens on any other address of this machine', async () => {
  const addresses = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ address, scopeid }) => address !== '127.0.0.1' && !scopeid)
    .map(({ address }) => address);
  // All of 127.0.0.0/8 is this machine; ::1 is tried also where no interface says that it is there.
  for (const host of new Set([...addresses, '127.0.0.2', '::1', '::ffff:127.0.0.2'])) {
    const code = await new Promise((resolve) => {
      const socket = connect({ host, port: target.port }, () => resolve('connected'));
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
      socket.once('connect', () => socket.destroy());
    });
    assert.ok(code === 'ECONNREFUSED' || code === 'EADDRNOTAVAIL' || code === 'ENETUNREACH', `${host}: ${code}`);
  }
});

test('the kernel knows one listening socket of the port, on 127.0.0.1', { skip: process.platform !== 'linux' }, () => {
  const port = target.port.toString(16).toUpperCase().padStart(4, '0');
  const listening = ['tcp', 'tcp6']
    .flatMap((table) => readFileSync(`/proc/net/${table}`, 'utf8').split('\n'))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => local?.endsWith(`:${port}`) && state === '0A')
    .map(([, local]) => local);
  assert.deepEqual(listening, [`0100007F:${port}`]);
});
