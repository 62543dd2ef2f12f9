import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { closing, hello, Target } from '../../test/attack/target.ts';

const output = (size: number) =>
  ({ kind: 'output', lab: 'linux', host: 'a', terminal: 't', offset: 0, data: 'x'.repeat(size) }) as const;

async function greeted(target: Target) {
  const page = await target.page();
  page.send(hello);
  await once(page, 'message');
  const seen = target.seen.at(-1);
  assert.ok(seen);
  return { page, connection: seen.connection, seen };
}

test('what is behind the server sees how much a slow page has not taken, and when it has', async (context) => {
  const target = await Target.start();
  context.after(() => target.close());
  const { page, connection } = await greeted(target);
  assert.equal(connection.buffered(), 0);
  page.pause();
  for (let count = 0; count < 10; count += 1) connection.send(output(1024 * 1024));
  assert.ok(connection.buffered() > 1024 * 1024, `${connection.buffered()} bytes`);
  const all = new Promise<void>((resolve) => {
    let count = 0;
    page.on('message', () => {
      count += 1;
      if (count === 10) resolve();
    });
  });
  page.resume();
  await all;
  assert.equal(connection.buffered(), 0);
});

test('a page that takes nothing is cut off, and what is sent to it then goes nowhere', async (context) => {
  const target = await Target.start({ unsentBytes: 1024 * 1024 });
  context.after(() => target.close());
  const { page, connection, seen } = await greeted(target);
  page.pause();
  for (let count = 0; count < 100; count += 1) connection.send(output(1024 * 1024));
  assert.ok(connection.buffered() < 24 * 1024 * 1024, `${connection.buffered()} bytes`);
  await seen.gone;
  connection.send(output(1));
  connection.close(1000, 'again');
  assert.deepEqual(target.faults, []);
  const closed = closing(page);
  page.resume();
  assert.equal((await closed).code, 1006);
});

test('a page is closed for a reason that may be long', async (context) => {
  const target = await Target.start();
  context.after(() => target.close());
  const { page, connection, seen } = await greeted(target);
  const closed = closing(page);
  connection.close(4000, '手順'.repeat(100));
  assert.deepEqual(await closed, { code: 4000, why: `${'手順'.repeat(20)}手` });
  await seen.gone;
});

test('a page that goes without a word is gone', async (context) => {
  const target = await Target.start();
  context.after(() => target.close());
  const { page, seen } = await greeted(target);
  page.terminate();
  await seen.gone;
});
