import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { randomSecret } from '../../runner/server/entrance.ts';
import { Target } from './target.ts';

let target: Target;
before(async () => {
  target = await Target.start();
});
after(() => target.close());

test('nothing but the entry is served without a session, and the page says where to go', async () => {
  for (const path of [
    '/',
    '/operations/backup/',
    '/_astro/page.abc123.js',
    '/nothing',
    '/_tejun/socket',
    '/_tejun/else',
  ]) {
    const { status, body, headers } = await target.get(path);
    assert.equal(status, 401, path);
    assert.match(body, /npm start/);
    assert.match(body, /lang="ja"/);
    assert.doesNotMatch(body, /start page|backups|answer = 42/);
    assert.equal(headers['set-cookie'], undefined);
  }
});

test('a wrong, empty, foreign or stale cookie is no session', async () => {
  const good = (await target.enter()).split('=')[1] ?? '';
  const name = `tejun_${target.port}`;
  for (const cookie of [
    `${name}=`,
    `${name}=${randomSecret()}`,
    `${name}=${good.slice(0, -1)}`,
    `${name}=${good}x`,
    `${name}=${good.toUpperCase()}`,
    `${name}="${good}"`,
    `tejun_${target.port + 1}=${good}`,
    `x${name}=${good}`,
    `${name.toUpperCase()}=${good}`,
    `other=1,${name}=${good}`,
  ])
    assert.equal((await target.get('/', { Cookie: cookie })).status, 401, cookie);
  assert.equal((await target.get('/', { Cookie: `${name}=tossed; other=1; ${name}=${good}` })).status, 200);
});

test('the cookie is out of reach of scripts and other sites', async () => {
  const { headers } = await target.get(target.server.newEntry().slice(target.server.origin.length));
  assert.match(
    headers['set-cookie']?.[0] ?? '',
    new RegExp(`^tejun_${target.port}=[A-Za-z0-9_-]{43}; HttpOnly; SameSite=Strict; Path=/$`),
  );
  assert.equal(headers['cache-control'], 'no-store');
});

test('a token works once, and only the newest', async () => {
  const path = (address: string): string => address.slice(target.server.origin.length);
  const older = target.server.newEntry();
  const newer = target.server.newEntry();
  for (const address of [older, target.server.entry]) {
    const { status, body, headers } = await target.get(path(address));
    assert.equal(status, 403);
    assert.match(body, /used already/);
    assert.equal(headers['set-cookie'], undefined);
  }
  assert.equal((await target.get(path(newer))).status, 200);
  const replayed = await target.get(path(newer));
  assert.equal(replayed.status, 403);
  assert.match(replayed.body, /used already[\s\S]*Press Enter/);
  assert.equal(replayed.headers['set-cookie'], undefined);
});

test('of two who use a token at the same time one comes in', async () => {
  const path = target.server.newEntry().slice(target.server.origin.length);
  const answers = await Promise.all(Array.from({ length: 20 }, () => target.get(path)));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, ...Array.from({ length: 19 }, () => 403)]);
});

test('guesses are refused and do not use the token up', async () => {
  const address = new URL(target.server.newEntry());
  const token = address.searchParams.get('token') ?? '';
  const guesses = [
    '',
    randomSecret(),
    token.slice(1),
    `${token}A`,
    token.toLowerCase(),
    `${token}%00`,
    '%',
    token.repeat(100),
  ];
  for (const guess of guesses) {
    const { status, headers, body } = await target.get(`/_tejun/enter?token=${guess}`);
    assert.equal(status, 403, guess);
    assert.equal(headers['set-cookie'], undefined);
    assert.ok(!body.includes(token), 'no answer holds the token');
  }
  assert.equal((await target.get(`/_tejun/enter?token=&token=${token}`)).status, 403);
  assert.equal((await target.get('/_tejun/enter')).status, 403);
  assert.equal((await target.get(address.pathname + address.search)).status, 200);
});

test('neither HEAD, nor a prefetch, nor an image of another site uses the token up', async () => {
  const path = target.server.newEntry().slice(target.server.origin.length);
  assert.equal((await target.get(path, {}, 'HEAD')).status, 405);
  assert.equal((await target.get(path, { 'Sec-Purpose': 'prefetch;prerender' })).status, 503);
  assert.equal((await target.get(path, { Purpose: 'prefetch' })).status, 503);
  const image = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'image' };
  assert.equal((await target.get(path, image)).status, 403);
  assert.equal((await target.get(path)).status, 200);
});

test('the entry leads nowhere else, however `to` spells it, and puts nothing into the answer', async () => {
  const evil = [
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/.//evil.example',
    '/x/..//evil.example',
    '/%2e//evil.example',
    'https://evil.example',
    'http:evil.example',
    'javascript:alert(1)',
    'data:text/html,evil',
    ' //evil.example',
    '@evil.example',
    '.evil.example',
    '/x\r\nSet-Cookie: evil=1',
    '/x\r\n\r\n<script>evil()</script>',
    '/"><script>evil()</script>',
    "/' onmouseover=evil()",
    '/_tejun/enter?token=evil',
    '/_TEJUN/../_tejun/enter?evil',
    '/複製evil',
  ];
  for (const to of evil) {
    const { status, body, headers } = await target.get(
      `${target.server.newEntry().slice(target.server.origin.length)}&to=${encodeURIComponent(to)}`,
    );
    assert.equal(status, 200);
    const onward = /http-equiv="refresh" content="0;url=([^"]*)"/.exec(body)?.[1];
    assert.ok(onward !== undefined && /^\/(?![/\\])/.test(onward), `${to} → ${onward}`);
    assert.equal(new URL(onward, target.server.origin).origin, target.server.origin);
    assert.doesNotMatch(body, /<script|evil\.example|alert/, to);
    assert.deepEqual(headers['set-cookie']?.length, 1);
  }
});

test('the entry leads to a page of the site', async () => {
  const address = target.server.newEntry('/operations/backup/?lab=linux#step-dump');
  const { body } = await target.get(address.slice(target.server.origin.length));
  assert.match(body, /content="0;url=\/operations\/backup\/\?lab=linux#step-dump"/);
});
