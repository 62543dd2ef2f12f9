import assert from 'node:assert/strict';
import { test } from 'node:test';
import { valueParts } from './value-parts.ts';

const shown = (expected: string, actual: string): string =>
  valueParts(expected, actual)
    .map((part) => (part.placeholder === undefined ? part.text : `<${part.text}>`))
    .join('');

for (const [expected, actual, marked] of [
  ['plain', 'plain', 'plain'],
  ['{{xid:int}}', '743', '<743>'],
  ['at {{timestamp}} UTC', 'at 2026-11-23 04:00:00 UTC', 'at <2026-11-23 04:00:00> UTC'],
  ['{{int}}; 1259 {{int}} TABLE', '215; 1259 16389 TABLE', '<215>; 1259 <16389> TABLE'],
  ['n {{segment:/[0-9A-F]{24}/}}', `n ${'0'.repeat(24)}`, `n <${'0'.repeat(24)}>`],
  ['row {{int}} {{0+}}', 'row 5', 'row <5>'],
  ['{{int}}{{*}}', '5x', '5x'],
  ['\\{{int}}', '{{int}}', '{{int}}'],
  ['a {{*}} b', 'something else', 'something else'],
] as const) {
  test(`in \`${actual}\` the values of \`${expected}\` are marked`, () =>
    assert.equal(shown(expected, actual), marked));
}

test('no text of the line is lost or added by marking', () => {
  const words = ['a', ' ', '{{int}}', '{{x:*}}', 'b.', '1', '{{?}}', '{{/./}}'];
  for (let seed = 0; seed < 4096; seed++) {
    const pick = [seed & 7, (seed >> 3) & 7, (seed >> 6) & 7, (seed >> 9) & 7];
    const expected = pick.map((i) => words[i]).join('');
    for (const actual of ['a 1b.', expected, '', 'aaab.b.1', 'b.a1 1']) {
      assert.equal(
        valueParts(expected, actual)
          .map((part) => part.text)
          .join(''),
        actual,
        `${expected} ~ ${actual}`,
      );
    }
  }
});
