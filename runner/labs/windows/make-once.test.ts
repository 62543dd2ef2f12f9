import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { makeOnce } from './make-once.ts';

const root = mkdtempSync(join(tmpdir(), 'tejun-once-'));
after(() => rmSync(root, { recursive: true }));

test('two that need a folder at once: one makes it, the other waits', async () => {
  const folder = join(root, 'both');
  let made = 0;
  const make = async (draft: string): Promise<void> => {
    made++;
    mkdirSync(join(draft, 'part'));
    await setImmediate();
    writeFileSync(join(draft, 'part/file'), '');
  };
  await Promise.all([makeOnce(folder, make), makeOnce(folder, make), makeOnce(folder, make)]);
  assert.deepEqual([made, readdirSync(root), existsSync(join(folder, 'part/file'))], [1, ['both'], true]);
});

test('when one comes to nothing, the other makes it', async () => {
  const folder = join(root, 'second');
  const fail = async (): Promise<void> => {
    await setImmediate();
    throw new Error('no such luck');
  };
  const [first, second] = await Promise.allSettled([
    makeOnce(folder, fail),
    makeOnce(folder, async (draft) => writeFileSync(join(draft, 'file'), '')),
  ]);
  assert.deepEqual([first.status, second.status, readdirSync(folder)], ['rejected', 'fulfilled', ['file']]);
});

test('what a killed runner left is no part of it, also when that had our number', async () => {
  const folder = join(root, 'third');
  // No process has a number that large (PID_MAX_LIMIT is 2^22).
  for (const pid of [process.pid, 2 ** 22 + 1]) {
    mkdirSync(`${folder}.${pid}`);
    writeFileSync(`${folder}.${pid}/half`, '');
  }
  await makeOnce(folder, async (draft) => mkdirSync(join(draft, 'half-no-more')));
  assert.deepEqual(readdirSync(folder), ['half-no-more']);
  assert.deepEqual(
    readdirSync(root).filter((name) => name.startsWith('third.')),
    [],
  );
});
