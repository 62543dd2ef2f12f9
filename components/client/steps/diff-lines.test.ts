import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMatcher } from '../../../core/expectation/matcher.ts';
import { parseExpectation } from '../../../core/expectation/parse.ts';
import { diffLines, sameLine } from './diff-lines.ts';

function matcherOf(body: string, form: 'text' | 'table' | 'json' = 'text') {
  const parsed = parseExpectation(body, { form, order: 'exact', file: 'x', firstLine: 1 });
  assert.ok('expectation' in parsed);
  return createMatcher(parsed.expectation);
}

test('a line keeps its key from pending to matched, and other lines are as they were', () => {
  const matcher = matcherOf('a\n...\nb {{int}}\nc');
  matcher.push(['a', 'x']);
  const before = diffLines(matcher.preview());
  matcher.push(['b 1']);
  const after = diffLines(matcher.preview());
  const keyed = new Map(before.map((line) => [line.key, line]));
  assert.deepEqual(
    after.map((line) => {
      const old = keyed.get(line.key);
      return [line.key, line.kind, line.text, old === undefined ? 'new' : sameLine(old, line) ? 'same' : 'changed'];
    }),
    [
      ['expected 0', 'matched', 'a', 'same'],
      ['elided ellipsis 1', 'ellipsis', '', 'same'],
      ['expected 2', 'matched', 'b 1', 'changed'],
      ['expected 3', 'pending', 'c', 'same'],
    ],
  );
  assert.equal(after[2]?.expected, 'b {{int}}');
});

test('lines that one expected line matched many times have keys of their own', () => {
  const matcher = matcherOf('row {{int}} {{+}}\nend\nnever');
  matcher.push(['row 1', 'row 2', 'row 3', 'what', 'end']);
  const lines = diffLines(matcher.end().diff);
  assert.equal(new Set(lines.map((line) => line.key)).size, lines.length);
  assert.ok(lines.some((line) => line.kind === 'unexpected' && line.text === 'what'));
  assert.ok(lines.some((line) => line.kind === 'missing' && line.text === 'never'));
});

test('the rows of a table have cells by column, also those that only came or only were expected', () => {
  const matcher = matcherOf('id | role\n0 | primary\n1 | standby\n2 | standby', 'table');
  matcher.push(['id|role', '0|primary', '1|primary', '9|x', '(3 rows)']);
  const diff = matcher.end().diff;
  assert.deepEqual(diff.columns, ['id', 'role']);
  const shown = diffLines(diff).map((line) => [
    line.kind,
    line.cells?.map((cell) => `${cell.expected}/${cell.actual}${cell.same ? '' : '!'}`).join(' '),
  ]);
  assert.deepEqual(shown, [
    ['matched', '0/0 primary/primary'],
    ['differs', '1/1 standby/primary!'],
    ['differs', '2/9! standby/x!'],
  ]);
});

test('a line that is no row of the table is shown whole', () => {
  const matcher = matcherOf('id | role\n0 | primary', 'table');
  matcher.push(['NOTICE: something', 'id|role', '0|primary']);
  const stray = diffLines(matcher.end().diff).find((line) => line.kind === 'unexpected');
  assert.equal(stray?.text, 'NOTICE: something');
  assert.equal(stray?.cells, undefined);
});
