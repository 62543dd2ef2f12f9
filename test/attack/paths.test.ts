import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { outside, Target } from './target.ts';

let target: Target;
let cookie: string;
before(async () => {
  target = await Target.start();
  cookie = await target.enter();
});
after(() => target.close());

const get = (path: string) => target.get(path, { Cookie: cookie });

const climbs = [
  '/../secret.txt',
  '/../../../../../../etc/passwd',
  '/..',
  '/../',
  '/./../secret.txt',
  '/_astro/../../secret.txt',
  '/%2e%2e/secret.txt',
  '/%2E%2E/secret.txt',
  '/.%2e/secret.txt',
  '/%2e./secret.txt',
  '/..%2fsecret.txt',
  '/..%2Fsecret.txt',
  '/%2e%2e%2fsecret.txt',
  '/..%5csecret.txt',
  '/..\\secret.txt',
  '/%5c..%5csecret.txt',
  '/..%c0%afsecret.txt',
  '/%c0%ae%c0%ae/secret.txt',
  '/%uff0e%uff0e/secret.txt',
  '/..%00/secret.txt',
  '/index.html%00.txt',
  '/%00',
  '/..;/secret.txt',
  '/....//secret.txt',
  '/%252e%252e%252fsecret.txt',
  '/%252e%252e/secret.txt',
  '/．．/secret.txt',
  '/%EF%BC%8E%EF%BC%8E/secret.txt',
  '/operations/backup/../../../secret.txt',
  '/operations//backup/../../../secret.txt',
  '//secret.txt',
  '//../secret.txt',
  '///etc/passwd',
  '//etc/passwd',
  '/%2fetc/passwd',
  '/%2f%2fetc%2fpasswd',
  '/file:///etc/passwd',
  '/?/../../secret.txt/../..',
  '/..?/secret.txt',
  '/%',
  '/%zz',
  '/%e0%a4%a',
  '/%0d%0aSet-Cookie:%20evil=1',
  '/%7f',
  `/${'a'.repeat(300)}`,
  `/${'../'.repeat(1000)}etc/passwd`,
  `/${'a/'.repeat(3000)}`,
];

test('no spelling of a path leads out of the site', async () => {
  for (const path of climbs) {
    // As bytes: an HTTP client may tidy a path up, or refuse to send it.
    const answer = await target.raw(
      `GET ${path} HTTP/1.1\r\nHost: ${target.host}\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`,
    );
    assert.doesNotMatch(answer, new RegExp(`${outside}|root:`), path);
    assert.match(answer, path.startsWith('/?') ? /^HTTP\/1\.1 200 / : /^HTTP\/1\.1 4(00|04|03|31) /, path);
    assert.doesNotMatch(answer, /\r\nSet-Cookie/i, path);
  }
  await target.isWell();
});

test('a link out of the site leads nowhere, a link within it does', async () => {
  const site = join(target.folder, 'site');
  symlinkSync(join(target.folder, 'secret.txt'), join(site, 'leak.txt'));
  symlinkSync('../secret.txt', join(site, 'relative.txt'));
  symlinkSync('/etc', join(site, 'etc'));
  symlinkSync('..', join(site, 'up'));
  symlinkSync('loop', join(site, 'loop'));
  mkdirSync(join(target.folder, 'site-beside'));
  writeFileSync(join(target.folder, 'site-beside', 'index.html'), outside);
  symlinkSync('../site-beside', join(site, 'beside'));
  symlinkSync('operations/backup', join(site, 'inside'));
  for (const path of [
    '/leak.txt',
    '/relative.txt',
    '/etc/passwd',
    '/etc/',
    '/etc',
    '/up/secret.txt',
    '/loop',
    '/beside/',
    '/beside',
  ]) {
    const { status, body } = await get(path);
    assert.equal(status, 404, path);
    assert.doesNotMatch(body, new RegExp(`${outside}|root:`));
  }
  assert.match((await get('/inside/')).body, /about backups/);
});

test('hidden files and what is meant for the server are not served', async () => {
  for (const path of [
    '/.hidden',
    '/%2ehidden',
    '/script-hashes.json',
    '/script-hashes%2ejson',
    '/script-hashes.json/',
    '/operations/.x/',
  ])
    assert.equal((await get(path)).status, 404, path);
  // A case-insensitive file system would find these.
  assert.notEqual((await get('/SCRIPT-HASHES.JSON')).status, 200);
});

test('only a folder of the site is opened by its slash, and never another host', async () => {
  const { status, headers } = await get('/operations/backup?lab=linux&x=//evil.example');
  assert.equal(status, 308);
  assert.equal(headers.location, '/operations/backup/?lab=linux&x=//evil.example');
  assert.equal((await get('/ja/%E8%A4%87%E8%A3%BD')).headers.location, '/ja/%E8%A4%87%E8%A3%BD/');
  assert.match((await get('/ja/%E8%A4%87%E8%A3%BD/')).body, /複製/);
  assert.equal((await get('/operations')).status, 404, 'a folder without a page');
  assert.equal((await get('/index.html/')).status, 404);
  for (const path of [
    '//evil.example',
    '/%2fevil.example',
    '/\\evil.example',
    '//operations/backup',
    '/%5coperations/backup',
  ]) {
    const answer = await target.raw(
      `GET ${path} HTTP/1.1\r\nHost: ${target.host}\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`,
    );
    assert.match(answer, /^HTTP\/1\.1 400 /, path);
    assert.doesNotMatch(answer, /\r\nLocation/i);
  }
});

test('the site may be built anew, or vanish, while it is served', async () => {
  const site = join(target.folder, 'site');
  renameSync(site, `${site}-gone`);
  assert.equal((await get('/')).status, 404);
  mkdirSync(site);
  writeFileSync(join(site, 'index.html'), '<html><body>built anew</body></html>');
  assert.match((await get('/')).body, /<html data-runner><body>built anew/);
  rmSync(site, { recursive: true });
  renameSync(`${site}-gone`, site);
  await target.isWell();
});
