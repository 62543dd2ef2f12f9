import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientMessageSchema, messageLimit, protocolVersion } from '../../core/protocol/client-message.ts';
import { readMessage } from './read-message.ts';

const hash = '0123456789abcdef';
const honest: readonly Record<string, unknown>[] = [
  { kind: 'hello', version: protocolVersion },
  { kind: 'hello', version: protocolVersion, runbook: 'operations/backup', lab: 'linux' },
  { kind: 'run', request: 0, runbook: 'a', lab: 'linux', mode: 'all', steps: [{ id: 'dump', hash }] },
  { kind: 'resume', request: 1, runbook: 'a', lab: 'linux' },
  { kind: 'stop', request: 2, runbook: 'a', lab: 'linux' },
  { kind: 'answer', ask: 'x', answer: 'refuse' },
  { kind: 'choose', request: 2, lab: 'windows', facts: [{ fact: 'pg', value: '18' }] },
  { kind: 'lab', request: 3, lab: 'linux', action: 'reset', checkpoint: 'ready' },
  { kind: 'watch', request: 4, lab: 'linux', host: 'postgres1', terminal: 't', from: 0, columns: 80, rows: 24 },
  { kind: 'unwatch', lab: 'linux', host: 'postgres1' },
  { kind: 'drawn', lab: 'linux', host: 'postgres1', offset: 9 },
  { kind: 'keys', lab: 'linux', host: 'postgres1', data: '\x03' },
  { kind: 'topology', lab: 'linux', watch: true },
  { kind: 'resize', lab: 'linux', host: 'postgres1', columns: 80, rows: 24 },
];

test('every kind of message is read as it was written', () => {
  assert.deepEqual(
    new Set(honest.map(({ kind }) => kind)),
    new Set(clientMessageSchema.options.map(({ shape }) => shape.kind.value)),
  );
  for (const message of honest) assert.deepEqual(readMessage(JSON.stringify(message)), { kind: 'message', message });
});

test('the answer to a refused message names its request', () => {
  const replyTo = (value: unknown): unknown => {
    const reading = readMessage(JSON.stringify(value));
    return reading.kind === 'refused' && reading.reply.kind === 'refused' ? reading.reply.request : 'none';
  };
  assert.equal(replyTo({ kind: 'stop', request: 12 }), 12);
  for (const request of [-1, 1.5, '12', null, 2 ** 60, {}]) assert.equal(replyTo({ kind: 'stop', request }), undefined);
  assert.equal(replyTo([12]), undefined);
});

test('the limit is in characters, whatever they are', () => {
  const frame = (data: string): string => JSON.stringify({ kind: 'keys', lab: 'a', host: 'a', data });
  for (const character of ['x', '手', '順']) {
    const reading = readMessage(`${frame(character)}${' '.repeat(messageLimit)}`);
    assert.equal(reading.kind === 'refused' && reading.code, 1009);
  }
  assert.equal(readMessage(`${frame('手')}`.padEnd(messageLimit)).kind, 'message');
});

test('random JSON, and honest messages with random wounds, never throw and never get through changed', () => {
  const random = seeded(20_261_123);
  let through = 0;
  for (let round = 0; round < 30_000; round += 1) {
    const value = round % 2 ? wound(structuredClone(pick(honest, random)), random) : anything(random, 0);
    const text = JSON.stringify(value);
    const reading = readMessage(text);
    if (reading.kind === 'refused') continue;
    through += 1;
    assert.equal(JSON.stringify(sorted(reading.message)), JSON.stringify(sorted(JSON.parse(text))), text);
    assert.ok(honest.some(({ kind }) => kind === reading.message.kind));
  }
  assert.ok(through > 100, 'some wounds are none');
});

test('random damage to the text never throws', () => {
  const random = seeded(4646);
  for (let round = 0; round < 20_000; round += 1) {
    const text = JSON.stringify(pick(honest, random));
    const at = Math.floor(random() * text.length);
    const piece = pick(['', '"', '{', '}', '\\', '\0', '\ud800', 'null', '1e999', '__proto__', ',', text], random);
    readMessage(text.slice(0, at) + piece + text.slice(at + Math.floor(random() * 3)));
  }
});

type Random = () => number;

/** A small generator (mulberry32): a failure can be repeated. */
function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function pick<Item>(items: readonly Item[], random: Random): Item {
  const item = items[Math.floor(random() * items.length)];
  assert.ok(item !== undefined);
  return item;
}

const names = [
  'kind',
  'request',
  'lab',
  'host',
  'steps',
  'data',
  'version',
  '__proto__',
  'constructor',
  'toString',
  '',
];
const leaves = [
  '',
  'a',
  'linux',
  hash,
  'run',
  'hello',
  '\0',
  '__proto__',
  '../..',
  0,
  -0,
  1,
  -1,
  0.5,
  2 ** 53,
  1e300,
  true,
  false,
  null,
];

function anything(random: Random, depth: number): unknown {
  const dice = random();
  if (depth > 4 || dice < 0.4) return pick<unknown>([...leaves, 'x'.repeat(300)], random) as never;
  const size = Math.floor(random() * 5);
  if (dice < 0.6) return Array.from({ length: size }, () => anything(random, depth + 1));
  const kind = dice < 0.9 ? [['kind', pick(honest, random).kind]] : [];
  return Object.fromEntries([
    ...kind,
    ...Array.from({ length: size }, () => [pick(names, random), anything(random, depth + 1)]),
  ]);
}

function wound(message: Record<string, unknown>, random: Random): unknown {
  const key = pick(Object.keys(message), random);
  const dice = random();
  if (dice < 0.3) delete message[key];
  else if (dice < 0.8) message[key] = anything(random, 2);
  else Object.defineProperty(message, pick(names, random), { value: anything(random, 2), enumerable: true });
  return message;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
}
