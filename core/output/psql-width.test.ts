import assert from 'node:assert/strict';
import { test } from 'node:test';
import { indexAtPsqlColumn, psqlWidth } from './psql-width.ts';
import { psqlVersions } from './psql-width-table.ts';

const widths = (text: string): number[] => psqlVersions.map((version) => psqlWidth(text, version));

// What psql 15's `\pset border 2` draws; the others by PostgreSQL's unicode_*_table.h.
for (const [text, expected] of [
  ['abc', [3, 3, 3, 3, 3]],
  ['日本', [4, 4, 4, 4, 4]],
  ['✅❌⭐', [3, 6, 6, 6, 6]],
  ['🚀', [1, 2, 2, 2, 2]],
  ['🌡🕹', [2, 2, 2, 2, 2]],
  ['\u{1faa8}', [1, 2, 2, 2, 2]],
  ['\u200b', [1, 1, 0, 0, 0]],
  ['\u00ad', [1, 1, 0, 0, 0]],
  ['\ufe0f', [0, 0, 0, 0, 0]],
  ['e\u0301', [1, 1, 1, 1, 1]],
  ['\u3099', [0, 0, 0, 0, 0]],
  ['〈〉《》', [6, 8, 8, 8, 8]],
  ['《》『』', [6, 8, 8, 8, 8]],
  ['\u{1e000}', [1, 0, 0, 0, 0]],
  ['\u31e4', [2, 1, 1, 1, 2]],
  ['\u{1face}', [1, 1, 2, 2, 2]],
] as const) {
  test(`psql 14 to 18 count ${JSON.stringify(text)} as ${expected.join(', ')}`, () => {
    assert.deepEqual(widths(text), expected);
  });
}

test('an older psql counts as the oldest one, a newer one as the newest', () => {
  assert.equal(psqlWidth('✅', 9), 1);
  assert.equal(psqlWidth('✅', 21), 2);
});

test('a column begins behind the marks of the character before it', () => {
  assert.equal(indexAtPsqlColumn('e\u0301|', 1), 2);
  assert.equal(indexAtPsqlColumn('✅|', 2), 1);
  assert.equal(indexAtPsqlColumn('✅|', 1), undefined);
  assert.equal(indexAtPsqlColumn('✅|', 4), undefined);
});
