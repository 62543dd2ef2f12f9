import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createCastDecoder, decodeCast } from './decode.ts';
import { createCastEncoder, encodeCast } from './encode.ts';
import type { CastEvent, CastHeader } from './model.ts';

const root = join(import.meta.dirname, 'fixtures');
const header: CastHeader = { columns: 80, rows: 24 };

// A recording `x.cast` has to be read as `x.json`. With UPDATE=1 in the environment that is written anew.
for (const name of readdirSync(root).filter((file) => file.endsWith('.cast'))) {
  test(`reads ${name}`, () => {
    const golden = join(root, name.replace(/cast$/, 'json'));
    const read = decodeCast(readFileSync(join(root, name), 'utf8'));
    if (process.env.UPDATE === '1') writeFileSync(golden, `${JSON.stringify(read, undefined, 2)}\n`);
    assert.deepEqual(read, JSON.parse(readFileSync(golden, 'utf8')));
    if (read.kind === 'cast') {
      const again = decodeCast(encodeCast(read.header, read.events));
      const rounded = read.events.map((event) => ({ ...event, at: Math.round(event.at) }));
      assert.deepEqual(again, { ...read, events: rounded });
    }
  });
}

test('writes what the format describes, a line an event', () => {
  const events: readonly CastEvent[] = [
    { at: 0, kind: 'marker', label: 'create-testdb' },
    { at: 248.4, kind: 'output', data: 'こんにちは "psql"\r\n\x1b[0m' },
    { at: 3748, kind: 'resize', columns: 90, rows: 30 },
    { at: 3748, kind: 'exit', code: 0 },
  ];
  const text = encodeCast({ ...header, terminal: 'xterm-256color', timestamp: 1504467315, title: 'Demo' }, events);
  assert.equal(
    text,
    [
      '{"version":3,"term":{"cols":80,"rows":24,"type":"xterm-256color"},"timestamp":1504467315,"title":"Demo"}',
      '[0.000, "m", "create-testdb"]',
      String.raw`[0.248, "o", "こんにちは \"psql\"\r\n\u001b[0m"]`,
      '[3.500, "r", "90x30"]',
      '[0.000, "x", "0"]',
      '',
    ].join('\n'),
  );
});

test('what cannot be seen is escaped and comes back as it was', () => {
  const data = '\x7f\x80\x9b31m\u2028\u2029\ufeff\u202e\u{e0001}👩‍💻𠮷\0\\u0000';
  const text = encodeCast(header, [{ at: 0, kind: 'output', data }]);
  assert.match(text.split('\n')[1] ?? '', /^[\x20-\x7e\p{So}\p{Lo}]*$/u);
  const read = decodeCast(text);
  assert.deepEqual(read.kind === 'cast' && read.events, [{ at: 0, kind: 'output', data }]);
});

test('bytes that are no UTF-8 become U+FFFD, in the header too', () => {
  const data = 'a\udc80\udcffb\udce3\u3042';
  const text = encodeCast({ ...header, title: '\udc80' }, [
    { at: 0, kind: 'output', data },
    { at: 0, kind: 'marker', label: '\udc81' },
  ]);
  assert.ok(Buffer.from(text).toString() === text, 'the file is the text');
  const read = decodeCast(text);
  assert.ok(read.kind === 'cast');
  assert.equal(read.header.title, '\ufffd');
  assert.deepEqual(read.events, [
    { at: 0, kind: 'output', data: 'a\ufffd\ufffdb\ufffd\u3042' },
    { at: 0, kind: 'marker', label: '\ufffd' },
  ]);
});

test('a character cut in two halves is whole in the recording, and a half that stays alone is not lost', () => {
  const encoder = createCastEncoder();
  const lines = [
    encoder.header(header),
    encoder.event({ at: 1, kind: 'output', data: 'a\ud83d' }),
    encoder.event({ at: 2, kind: 'marker', label: 'between' }),
    encoder.event({ at: 3, kind: 'output', data: '\ude00b\ud83d' }),
    encoder.event({ at: 4, kind: 'output', data: '\ud83d' }),
    encoder.end(),
    encoder.end(),
  ];
  for (const line of lines) assert.match(line, /^([^\n]+\n)?$/);
  const read = decodeCast(lines.join(''));
  assert.ok(read.kind === 'cast');
  const told = read.events.map((event) => (event.kind === 'output' ? event.data : event.kind)).join('');
  assert.equal(told, 'amarker😀b\ufffd\ufffd');
});

test('rounding to milliseconds does not add up, and a clock set back stops time', () => {
  const events = Array.from(
    { length: 5000 },
    (_, index): CastEvent => ({ at: index * 0.4, kind: 'output', data: '.' }),
  );
  const read = decodeCast(encodeCast(header, [...events, { at: 100, kind: 'exit', code: 0 }]));
  assert.ok(read.kind === 'cast');
  assert.equal(read.events.length, 5001);
  read.events.slice(0, 5000).forEach((event, index) => {
    assert.ok(Math.abs(event.at - index * 0.4) <= 0.5, `event ${index} at ${event.at}`);
  });
  assert.equal(read.events.at(-1)?.at, Math.round(4999 * 0.4));
});

test('a recording that still grows is read line by line', () => {
  const decode = createCastDecoder();
  const lines = encodeCast(header, [{ at: 5, kind: 'output', data: 'a' }])
    .trimEnd()
    .split('\n');
  assert.deepEqual(
    lines.map((line) => decode(line).kind),
    ['header', 'event'],
  );
  assert.deepEqual(decode('[0.005, "o", "b"]'), { kind: 'event', event: { at: 10, kind: 'output', data: 'b' } });
  assert.equal(decode('[0.005, "o", "c').kind, 'problem');
});
