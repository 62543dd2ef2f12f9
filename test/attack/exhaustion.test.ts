import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { after, before, type TestContext, test } from 'node:test';
import { WebSocket } from 'ws';

const megabyte = 1024 * 1024;
let child: ChildProcess;
let lines: AsyncIterator<string>;
let port: number;
let cookie: string;

before(async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  // The first flag is the one that the program itself runs with; the second ends the server if it keeps what it should drop.
  const flags = ['--max-semi-space-size=4', '--max-old-space-size=64'];
  child = spawn(process.execPath, [...flags, join(import.meta.dirname, 'target-process.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, HEAD_MS: '1500' },
  });
  child.once('spawn', resolve);
  await promise;
  assert.ok(child.stdout);
  lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  cookie = await enter();
});
after(async () => {
  child.stdin?.end();
  if (child.exitCode === null) await once(child, 'exit');
  assert.equal(child.exitCode, 0);
});

/** Lets an honest browser in. */
async function enter(): Promise<string> {
  const { entry, faults } = JSON.parse((await lines.next()).value);
  assert.deepEqual(faults, []);
  port = Number(new URL(entry).port);
  const response = await fetch(entry);
  assert.equal(response.status, 200);
  return response.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
}

/** An honest reader opens a page over a connection of its own; returns how long that took, ms. */
async function read(agent: Agent | false = false): Promise<number> {
  const began = performance.now();
  const [response] = await once(
    get({ host: '127.0.0.1', port, path: '/', agent, headers: { Cookie: cookie } }),
    'response',
  );
  assert.equal(response.statusCode, 200);
  assert.match(await text(response), /the start page/);
  return performance.now() - began;
}

/** What is the server's alone, in bytes. */
function memory(): number {
  return Number(/^RssAnon:\s+(\d+) kB/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) * 1024;
}

function openFiles(): number {
  return readdirSync(`/proc/${child.pid}/fd`).length;
}

/** A process with many connections; resolves when `made` of them are there. */
async function crowd(
  made: number,
  size: number,
  first: string,
  again: '' | 'again',
  context: TestContext,
): Promise<{ leave(): Promise<void> }> {
  const program = join(import.meta.dirname, 'crowd-process.ts');
  const attacker = spawn(process.execPath, [program, String(port), String(size), first, again], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(attacker, 'exit');
  const leave = async (): Promise<void> => {
    attacker.stdin.end();
    assert.deepEqual(await ended, [0, null]);
  };
  context.after(leave);
  const counts = createInterface(attacker.stdout)[Symbol.asyncIterator]();
  for (let count = 0; count < made; count = Number((await counts.next()).value));
  attacker.stdout.resume();
  return { leave };
}

test('5,000 silent connections at once lock no reader out', async (context) => {
  await read();
  const [before, files] = [memory(), openFiles()];
  const keepAlive = new Agent({ keepAlive: true });
  await read(keepAlive);
  const { leave } = await crowd(5000, 5000, '', '', context);
  const times: number[] = [];
  for (let count = 0; count < 50; count += 1) times.push(await read(), await read(keepAlive));
  assert.ok(openFiles() - files < 1200, `${openFiles() - files} connections are held`);
  assert.ok(memory() - before < 64 * megabyte, `${(memory() - before) / megabyte} MB more`);
  assert.ok(Math.max(...times) < 5000, `the slowest page took ${Math.max(...times)} ms`);
  await leave();
  keepAlive.destroy();
  await read();
});

test('connections that come again as soon as they are closed lock no reader out', async (context) => {
  const before = memory();
  const { leave } = await crowd(10_000, 5000, 'GET / HTTP/1.1\r\nHost: ', 'again', context);
  const times: number[] = [];
  for (let count = 0; count < 100; count += 1) times.push(await read());
  assert.ok(memory() - before < 96 * megabyte, `${(memory() - before) / megabyte} MB more`);
  assert.ok(Math.max(...times) < 5000, `the slowest page took ${Math.max(...times)} ms`);
  await leave();
  await read();
});

test('a head that comes drop by drop is answered with 408, whatever it says', async () => {
  const drip = async (first: string, drop: string): Promise<string> => {
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(first));
    socket.on('error', () => undefined);
    const drops = setInterval(() => socket.writable && socket.write(drop), 50);
    const answer = await text(socket);
    clearInterval(drops);
    return answer;
  };
  const head = `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: ${cookie}\r\n`;
  const answers = await Promise.all([
    drip('GET /', 'x'),
    drip('GET / HTTP/1.1\r\n', 'X-Drop: x\r\n'),
    drip(head, 'X-Drop: x\r\n'),
    drip(`${head}X: `, ' '),
  ]);
  for (const answer of answers)
    assert.match(answer, /^HTTP\/1\.1 408 [\s\S]*Content-Security-Policy: default-src 'none'/);
  const silent = connect({ host: '127.0.0.1', port });
  assert.match(await text(silent), /^HTTP\/1\.1 408 /);
});

test('heads without end are answered with 431', async () => {
  for (const head of [
    `GET /${'x'.repeat(megabyte)}`,
    `GET / HTTP/1.1\r\nX: ${'x'.repeat(megabyte)}`,
    `GET / HTTP/1.1\r\n${'X: x\r\n'.repeat(200_000)}`,
  ]) {
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(head));
    // The rest of the head is not read, so the answer may be lost in a reset; its kind is not.
    let answer = '';
    socket.on('data', (data) => {
      answer += data;
    });
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.once('close', resolve));
    assert.match(answer, /^(HTTP\/1\.1 431 |$)/);
  }
  await read();
});

test('who asks for much and reads nothing costs no memory, and goes', async () => {
  const before = memory();
  const files = openFiles();
  const head = `Host: 127.0.0.1:${port}\r\nCookie: ${cookie}\r\n\r\n`;
  const greedy = Array.from({ length: 200 }, (_, index) => {
    const request = index % 2 ? `GET /large.cast HTTP/1.1\r\n${head}` : `GET /nothing HTTP/1.1\r\n${head}`.repeat(5000);
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(request));
    socket.on('error', () => undefined).pause();
    return socket;
  });
  await Promise.all(greedy.map((socket) => once(socket, 'connect')));
  for (let count = 0; count < 50; count += 1) await read();
  assert.ok(memory() - before < 128 * megabyte, `${(memory() - before) / megabyte} MB more`);
  while (openFiles() > files + 5) await read();
  for (const socket of greedy) socket.destroy();
});

test('pages beyond the limit are refused with a clear answer, and dead ones make room', async () => {
  const open = (): Promise<WebSocket | number> => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/_tejun/socket`, {
      origin: `http://127.0.0.1:${port}`,
      headers: { Cookie: cookie },
      autoPong: false,
    });
    socket.on('error', () => undefined);
    return new Promise((resolve) => {
      socket.once('open', () => resolve(socket));
      socket.once('unexpected-response', (asked, response) => {
        resolve(response.statusCode ?? 0);
        asked.destroy();
      });
    });
  };
  const answers = await Promise.all(Array.from({ length: 500 }, open));
  const pages = answers.filter((answer) => answer instanceof WebSocket);
  assert.equal(pages.length, 64);
  assert.ok(answers.every((answer) => answer instanceof WebSocket || answer === 503));
  // They answer no ping, as if their machine were gone.
  await Promise.all(pages.map((page) => once(page, 'close')));
  const page = await open();
  assert.ok(page instanceof WebSocket);
  page.terminate();
});

test('strangers who knock for a WebSocket are all sent away', async () => {
  const before = memory();
  for (let round = 0; round < 20; round += 1) {
    const answers = Array.from({ length: 100 }, async () => {
      const socket = connect({ host: '127.0.0.1', port });
      socket.write(
        `GET /_tejun/socket HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: http://127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n${'x'.repeat(1000)}`,
      );
      return text(socket);
    });
    for (const answer of await Promise.all(answers)) assert.match(answer, /^HTTP\/1\.1 401 /);
  }
  assert.ok(memory() - before < 64 * megabyte, `${(memory() - before) / megabyte} MB more`);
});

test('after all that the server is well, has grown by little, and nothing failed in it', async () => {
  child.stdin?.write('again');
  cookie = await enter();
  await read();
  assert.ok(memory() < 256 * megabyte, `${memory() / megabyte} MB`);
});
