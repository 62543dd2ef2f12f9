import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRedactor } from './redactor.ts';

test('hides a secret however the stream is cut', () => {
  const redactor = createRedactor(['hunter22', 'hunter22-long', 'xabc', 'bcde']);
  const text = 'a hunter22 b hunter22-long c xabcde d hunter2 xab';
  const whole = redactor.text(text);
  assert.equal(whole, 'a ‹secret› b ‹secret› c ‹secret›de d hunter2 xab');
  for (let first = 0; first <= text.length; first++) {
    for (let second = first; second <= text.length; second++) {
      const stream = redactor.stream();
      const told =
        stream.write(text.slice(0, first)) + stream.write(text.slice(first, second)) + stream.write(text.slice(second));
      assert.equal(told + stream.end(), whole, `cut at ${first} and ${second}`);
    }
  }
});

test('takes special characters literally and leaves other values alone', () => {
  const redactor = createRedactor(['p.w[1]$']);
  assert.deepEqual(redactor.deep({ command: 'echo p.w[1]$', rows: ['pxw[1]$', 7, undefined] }), {
    command: 'echo ‹secret›',
    rows: ['pxw[1]$', 7, undefined],
  });
});

test('cuts a text to a length without giving a part of a secret away', () => {
  const redactor = createRedactor(['correct-horse', 'battery']);
  const value = 'a battery, a correct-horse, a battery, a correct-horse and a battery';
  for (let limit = 1; limit <= value.length; limit++) {
    for (const cut of [redactor.head(value, limit), redactor.tail(value, limit)]) {
      assert.ok(cut.length <= limit);
      assert.doesNotMatch(cut.replaceAll('‹secret›', ''), /cor|rect-|hor|orse|bat|tery|ery$/, `${limit}: ${cut}`);
    }
  }
  assert.equal(redactor.head(value, 20), 'a ‹secret›, a ‹secre');
  assert.equal(createRedactor([]).tail('nothing to hide', 4), 'hide');
});

test('refuses a secret that is too short to hide', () => {
  assert.throws(() => createRedactor(['abc']), /fewer than 4 characters/);
});

test('hides a secret in whose middle a terminal changes its colour, however the stream is cut', () => {
  const redactor = createRedactor(['hunter22']);
  const text = '\x1b[31mhun\x1b[1;32mt\x1b[Ke\x1b]0;hunter22\x07r22\x1b[0m hun\x1b[0m ter22\r\nhunt\x1b[0m';
  const whole = '\x1b[31m‹secret›\x1b[1;32m\x1b[K\x1b]0;‹secret›\x07\x1b[0m hun\x1b[0m ter22\r\nhunt\x1b[0m';
  for (let first = 0; first <= text.length; first++) {
    for (let second = first; second <= text.length; second++) {
      const stream = redactor.stream();
      const pieces = [text.slice(0, first), text.slice(first, second), text.slice(second)];
      assert.equal(pieces.map(stream.write).join('') + stream.end(), whole, `cut at ${first} and ${second}`);
    }
  }
});

test('hides a secret of several lines as a terminal prints it', () => {
  const stream = createRedactor(['key one\nkey two']).stream();
  assert.equal(stream.write('a key one\r') + stream.write('\nkey two b') + stream.end(), 'a ‹secret› b');
});

test('hides a captured value whatever its name is, and what only looks like a shape', () => {
  const redactor = createRedactor(['hunter22']);
  const captures = { host: 'hunter22', step: 'a hunter22', kind: 'hunter22', verdict: 'hunter22', why: 'hunter22' };
  assert.deepEqual(redactor.deep({ step: 'hunter22', captures, nested: { kind: 'x', captures } }), {
    step: 'hunter22',
    captures: { host: '‹secret›', step: 'a ‹secret›', kind: '‹secret›', verdict: '‹secret›', why: '‹secret›' },
    nested: {
      kind: 'x',
      captures: { host: '‹secret›', step: 'a ‹secret›', kind: '‹secret›', verdict: '‹secret›', why: '‹secret›' },
    },
  });
});

for (const [what, control] of Object.entries({ BEL: '\x07', 'a shift': '\x0e', DEL: '\x7f', ESC: '\x1b', NUL: '\0' }))
  test(`hides a secret with ${what} in it as it is, and as a terminal shows it`, () => {
    const redactor = createRedactor([`hun${control}ter22`]);
    assert.equal(redactor.text(`a hun${control}ter22 b hunter22 c`), 'a ‹secret› b ‹secret› c');
    const stream = redactor.stream();
    assert.equal(stream.write(`a hun${control}te`) + stream.write('r22 b') + stream.end(), 'a ‹secret› b');
  });

test('hides each line of a secret of several, because output is compared by lines', () => {
  const redactor = createRedactor(['key one\nkey two\nend']);
  assert.deepEqual(redactor.deep({ rows: [{ text: 'is key one' }, { text: 'key two!' }, { text: 'the end' }] }), {
    rows: [{ text: 'is ‹secret›' }, { text: '‹secret›!' }, { text: 'the end' }],
  });
});
