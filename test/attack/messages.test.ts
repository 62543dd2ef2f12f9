import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import type { RawData, WebSocket } from 'ws';
import { messageLimit, protocolVersion } from '../../core/protocol/client-message.ts';
import type { ServerMessage } from '../../core/protocol/server-message.ts';
import { closing, hello, type Seen, Target } from './target.ts';

let target: Target;
let cookie: string;
before(async () => {
  target = await Target.start({ helloMs: 300 });
  cookie = await target.enter();
});
after(() => target.close());

/** A page that has said hello, and what is behind the server saw of it. */
async function greeted(): Promise<{ page: WebSocket; seen: Seen; received: ServerMessage[] }> {
  const page = await target.page(cookie);
  const received: ServerMessage[] = [];
  page.on('message', (data: RawData) => received.push(JSON.parse(data.toString())));
  page.send(hello);
  await once(page, 'message');
  const seen = target.seen.at(-1);
  assert.ok(seen);
  return { page, seen, received };
}

/** Fails unless `frame` ends the connection with `code` and nothing of it came through. */
async function isRefused(frame: string | Buffer, code: number, what?: RegExp): Promise<void> {
  const { page, seen, received } = await greeted();
  const closed = closing(page);
  page.send(frame);
  const shown = frame.toString().slice(0, 80);
  assert.equal((await closed).code, code, shown);
  assert.deepEqual(
    seen.messages.map(({ kind }) => kind),
    ['hello'],
    shown,
  );
  await seen.gone;
  if (what) {
    const last = received.at(-1);
    assert.ok(last?.kind === 'refused' && what.test(last.what), shown);
  }
}

const run = {
  kind: 'run',
  request: 7,
  runbook: 'a',
  lab: 'linux',
  mode: 'step',
  steps: [{ id: 'a', hash: '0'.repeat(16) }],
};
const json = (value: unknown): string => JSON.stringify(value);

test('a message of the protocol comes through as it was sent', async () => {
  const { page, seen } = await greeted();
  const keys = { kind: 'keys', lab: 'linux', host: 'postgres1', data: '\x1b'.repeat(16 * 1024) };
  const steps = Array.from({ length: 2000 }, (_, index) => ({ id: `step-${index}`, hash: 'f'.repeat(16) }));
  page.send(json(run));
  page.send(json(keys));
  page.send(json({ ...run, steps }));
  page.ping();
  await once(page, 'pong');
  assert.deepEqual(seen.messages.slice(1), [run, keys, { ...run, steps }]);
  page.terminate();
});

test('what is no JSON is refused', async () => {
  for (const text of [
    '',
    ' ',
    'hello',
    '{',
    '{"kind":"hello"',
    "{'kind':'hello'}",
    '\0',
    '\ufeff{}',
    'NaN',
    '{}{}',
    json(run).slice(0, -1),
  ])
    await isRefused(text, 1008, /not JSON/);
});

test('what is no message of the protocol is refused', async () => {
  for (const value of [
    null,
    true,
    0,
    'run',
    [],
    {},
    [run],
    { ...run, kind: 'RUN' },
    { ...run, kind: 'exec', command: 'id' },
    { kind: ['run'] },
  ])
    await isRefused(json(value), 1008, /not a message/);
});

test('no message carries a command line, or anything else that the protocol does not name', async () => {
  for (const extra of [{ command: 'rm -rf /' }, { steps: [{ ...run.steps[0], command: 'id' }] }, { host: 'postgres1' }])
    await isRefused(json({ ...run, ...extra }), 1008, /not a message/);
});

test('values outside of the protocol are refused', async () => {
  for (const wrong of [
    { lab: '../../etc' },
    { lab: 'Linux' },
    { lab: 'linux\n' },
    { lab: '' },
    { lab: 'a'.repeat(65) },
    { runbook: '' },
    { runbook: 'a'.repeat(201) },
    { runbook: ['a'] },
    { request: -1 },
    { request: 1.5 },
    { request: '7' },
    { request: 2 ** 60 },
    { mode: 'everything' },
    { steps: [] },
    { steps: [{ id: 'a', hash: 'x' }] },
    { steps: [{ id: 'a', hash: '0'.repeat(16).replace('0', 'A') }] },
    { steps: Array.from({ length: 2001 }, () => ({ id: '', hash: '' })) },
    { steps: { length: 1, 0: run.steps[0] } },
  ])
    await isRefused(json({ ...run, ...wrong }), 1008);
  const watch = { kind: 'watch', request: 1, lab: 'linux', host: 'postgres1', columns: 80, rows: 24 };
  for (const wrong of [{ columns: 1e9 }, { rows: 0 }, { rows: null }, { from: -1 }, { host: '..' }])
    await isRefused(json({ ...watch, ...wrong }), 1008);
  await isRefused('{"kind":"resize","lab":"linux","host":"a","columns":1e999,"rows":24}', 1008);
});

test('keys that would reach into prototypes change nothing', async () => {
  const polluted = [
    '{"kind":"hello","version":1,"__proto__":{"polluted":true}}',
    '{"__proto__":{"kind":"hello","version":1,"polluted":true}}',
    '{"constructor":{"prototype":{"polluted":true}},"kind":"hello","version":1}',
    `{"kind":"run","request":1,"runbook":"a","lab":"a","mode":"step","steps":[{"id":"a","hash":"${'0'.repeat(16)}","__proto__":{"polluted":true}}]}`,
    '{"kind":"__proto__"}',
    '{"kind":"constructor"}',
    '{"kind":"toString"}',
    '{"kind":"hasOwnProperty","request":1}',
  ];
  for (const text of polluted) {
    const { page, seen } = await greeted();
    const closed = closing(page);
    page.send(text);
    page.send('end');
    await closed;
    assert.equal(({} as Record<string, unknown>).polluted, undefined);
    for (const message of seen.messages) {
      assert.equal((message as Record<string, unknown>).polluted, undefined, text);
      assert.equal(Object.getPrototypeOf(message), Object.prototype);
    }
  }
});

test('nesting without end is refused at no cost', async () => {
  const depth = 100_000;
  await isRefused('['.repeat(depth), 1008);
  await isRefused('['.repeat(depth) + ']'.repeat(depth), 1008);
  await isRefused(`${'{"a":'.repeat(30_000)}1${'}'.repeat(30_000)}`, 1008);
  await isRefused(`{"kind":"run","steps":${'['.repeat(depth)}${']'.repeat(depth)}}`, 1008);
  await isRefused(`{"kind":"hello","version":${'9'.repeat(200_000)}}`, 1008);
});

test('frames that are too long are refused before they are read', async () => {
  await isRefused(json({ ...run, runbook: 'a'.repeat(messageLimit) }), 1009, /too long/);
  await isRefused('a'.repeat(messageLimit * 3 + 1), 1009);
  const { page } = await greeted();
  const closed = closing(page);
  // A length of 2^53 in the head of the frame, and nothing after it.
  raw(page).write(Buffer.from([0x81, 0xff, 0, 0x20, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]));
  assert.equal((await closed).code, 1009);
});

test('fragments do not get around the limit', async () => {
  const { page } = await greeted();
  const closed = closing(page);
  for (let sent = 0; sent <= messageLimit * 3; sent += 64 * 1024) page.send('a'.repeat(64 * 1024), { fin: false });
  assert.equal((await closed).code, 1009);
  const many = await greeted();
  const ended = closing(many.page);
  many.page.send('', { fin: false });
  for (let count = 0; count < 20_000; count += 1) raw(many.page).write(frame(0, Buffer.alloc(0), false));
  assert.ok([1008, 1009].includes((await ended).code));
});

test('frames that are no text, or no frames, are refused', async () => {
  await isRefused(Buffer.from(hello), 1003);
  for (const [bytes, code] of [
    [frame(1, Buffer.from([0xff, 0xfe, 0x80])), 1007],
    [frame(3, Buffer.from('reserved')), 1002],
    [frame(0, Buffer.from('a continuation of nothing')), 1002],
    [Buffer.from([0xc1, 0x80, 0, 0, 0, 0]), 1002],
    [Buffer.from([0x81, 0x02, 0x68, 0x69]), 1002],
    [Buffer.from([0x89, 0xfe, 0x00, 0x7e, 0, 0, 0, 0]), 1002],
    [Buffer.from('GET / HTTP/1.1\r\n\r\n'), 1002],
  ] as const) {
    const { page } = await greeted();
    const closed = closing(page);
    raw(page).write(bytes);
    assert.equal((await closed).code, code, bytes.toString('hex'));
  }
});

test('a page that does not say hello first, or not at all, goes', async () => {
  const before = target.seen.length;
  const impatient = await target.page(cookie);
  const closed = closing(impatient);
  impatient.send(json(run));
  impatient.send(hello);
  assert.deepEqual(await closed, { code: 1008, why: 'the first message is not hello' });
  assert.deepEqual(await closing(await target.page(cookie)), { code: 1008, why: 'no hello in time' });
  assert.equal(target.seen.length, before, 'nothing behind the server has heard of them');
});

test('a page of another version is told to reload, whatever else its hello says', async () => {
  const page = await target.page(cookie);
  const [closed, message] = [closing(page), once(page, 'message')];
  page.send(json({ kind: 'hello', version: protocolVersion + 1, invented: 'later' }));
  const [data] = await message;
  assert.equal(JSON.parse(data.toString()).kind, 'reload');
  assert.equal((await closed).code, 1008);
});

test('a flood of messages, valid or not, ends the page that sends it', async () => {
  const keys = json({ kind: 'keys', lab: 'linux', host: 'a', data: 'x' });
  const { page, seen } = await greeted();
  const closed = closing(page);
  for (let count = 0; count < 20_000; count += 1) page.send(keys);
  assert.deepEqual(await closed, { code: 1008, why: 'too many messages' });
  assert.ok(seen.messages.length >= 2000 && seen.messages.length < 10_000, `${seen.messages.length} came through`);
  const pinging = await greeted();
  const ended = closing(pinging.page);
  for (let count = 0; count < 20_000; count += 1) pinging.page.ping('x'.repeat(100));
  // `ws` itself cuts off who does not read the answers.
  assert.ok([1008, 1006].includes((await ended).code));
});

test('what comes after the refused message is not heard', async () => {
  const { page, seen } = await greeted();
  const closed = closing(page);
  page.send('no JSON');
  for (let count = 0; count < 100; count += 1) page.send(json(run));
  await closed;
  assert.equal(seen.messages.length, 1);
});

test('after all that the server is well', () => target.isWell());

/** The connection under a page's WebSocket. */
function raw(page: WebSocket): { write(bytes: Buffer): void } {
  return (page as unknown as { _socket: { write(bytes: Buffer): void } })._socket;
}

/** A short frame under a mask of zeros; it may break every other rule. */
function frame(opcode: number, data: Buffer, fin = true): Buffer {
  return Buffer.concat([Buffer.from([(fin ? 0x80 : 0) | opcode, 0x80 | data.length, 0, 0, 0, 0]), data]);
}
