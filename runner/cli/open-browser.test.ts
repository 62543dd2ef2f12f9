import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { hasDesktop, openInBrowser } from './open-browser.ts';

const address = 'http://127.0.0.1:4646/_tejun/enter?token=secret&to=%2Fx%2F';

test('the token is on no command line, and in a file that only its owner can read', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'tejun-open-'));
  const path = process.env.PATH;
  context.after(() => {
    process.env.PATH = path;
    rmSync(folder, { recursive: true });
  });
  const said = join(folder, 'said');
  writeFileSync(
    join(folder, 'xdg-open'),
    `#!/bin/sh\nprintf '%s\\n' "$@" > '${said}.new' && mv '${said}.new' '${said}'\n`,
  );
  chmodSync(join(folder, 'xdg-open'), 0o755);
  process.env.PATH = `${folder}:${path}`;

  const { promise, resolve } = Promise.withResolvers<void>();
  const watcher = watch(folder, () => existsSync(said) && resolve());
  const state = join(folder, 'state');
  const forget = openInBrowser(address, state);
  await promise;
  watcher.close();

  const [file = '', ...more] = readFileSync(said, 'utf8').trimEnd().split('\n');
  assert.deepEqual(more, []);
  assert.ok(file.startsWith(`${state}/`) && !file.includes('secret'), file);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.match(
    readFileSync(file, 'utf8'),
    /url=http:\/\/127\.0\.0\.1:4646\/_tejun\/enter\?token=secret&amp;to=%2Fx%2F"/,
  );
  forget();
  assert.equal(existsSync(file), false);
});

test('a browser is opened only where somebody sees it', () => {
  for (const environment of [
    { DISPLAY: ':0' },
    { WAYLAND_DISPLAY: 'wayland-0' },
    { DISPLAY: '', WAYLAND_DISPLAY: 'w' },
  ])
    assert.equal(hasDesktop(environment), true, JSON.stringify(environment));
  for (const environment of [{}, { DISPLAY: '' }, { DISPLAY: ':0', CI: 'true' }, { DISPLAY: ':0', BROWSER: 'none' }])
    assert.equal(hasDesktop(environment), false, JSON.stringify(environment));
});
