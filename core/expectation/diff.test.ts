import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMatcher } from './matcher.ts';
import type { Diff, DiffRow, RowOrder } from './model.ts';
import { parseExpectation } from './parse.ts';

function matcherOf(body: string, form: 'text' | 'table' | 'json' = 'text', order: RowOrder = 'exact') {
  const parsed = parseExpectation(body, { form, order, file: 'x', firstLine: 1 });
  assert.ok('expectation' in parsed, JSON.stringify(parsed));
  return createMatcher(parsed.expectation);
}

function judge(
  body: string,
  output: readonly string[],
  form: 'text' | 'table' | 'json' = 'text',
  order: RowOrder = 'exact',
) {
  const matcher = matcherOf(body, form, order);
  matcher.push(output);
  return matcher.end();
}

const open = (diff: Diff): DiffRow[] => diff.rows.filter((row) => row.kind !== 'matched' && row.kind !== 'elided');
const numbered = (count: number): string[] => Array.from({ length: count }, (_, i) => `line ${i}`);

for (const [count, changed] of [
  [10, 4],
  [1000, 0],
  [1000, 999],
  [50_000, 1],
  [50_000, 25_000],
  [50_000, 49_990],
] as const) {
  test(`one digit changed in line ${changed} of ${count} is one missing and one unexpected row`, () => {
    const output = numbered(count);
    const body = numbered(count);
    body[changed] = `line x${changed}`;
    assert.deepEqual(open(judge(body.join('\n'), output).diff), [
      { kind: 'missing', expected: changed, text: `line x${changed}` },
      { kind: 'unexpected', actual: `line ${changed}`, line: changed + 1 },
    ]);
  });
}

test('a dropped and an added line are one row each', () => {
  const lines = numbered(100);
  assert.deepEqual(open(judge(lines.join('\n'), lines.toSpliced(50, 1)).diff), [
    { kind: 'missing', expected: 50, text: 'line 50' },
  ]);
  assert.deepEqual(open(judge(lines.join('\n'), lines.toSpliced(50, 0, 'new')).diff), [
    { kind: 'unexpected', actual: 'new', line: 51 },
  ]);
});

test('a line that is missing behind an ellipsis is shown alone, also in long output', () => {
  const output = [...numbered(100_000), 'end'];
  const diff = judge('line 0\n...\nnever\n...\nend', output).diff;
  assert.deepEqual(open(diff), [{ kind: 'missing', expected: 2, text: 'never' }]);
  assert.ok(diff.rows.length < 10);
});

test('an ellipsis takes as few lines as it can, and its count says how many', () => {
  assert.deepEqual(judge('a\n...\nb\n...', ['a', 'x', 'b', 'y', 'b', 'z']).diff.rows, [
    { kind: 'matched', expected: 0, text: 'a', actual: 'a', line: 1 },
    { kind: 'elided', expected: 1, count: 1, why: 'ellipsis' },
    { kind: 'matched', expected: 2, text: 'b', actual: 'b', line: 3 },
    { kind: 'elided', expected: 3, count: 3, why: 'ellipsis' },
  ]);
});

test('captures come from the lines that matched, and only when all did', () => {
  const body = '...\nxid {{xid:int}} in {{ms:number}} ms\n...';
  assert.deepEqual(judge(body, ['a', 'xid 743 in 1.5 ms', 'xid 9 in 9 ms']).captures, { xid: '743', ms: '1.5' });
  assert.deepEqual(judge(`${body}\nend`, ['a', 'xid 743 in 1.5 ms']).captures, {});
  assert.deepEqual(judge('id | xid\n1 | {{xid:int}}', ['id|xid|z', '1|77|0'], 'table').captures, { xid: '77' });
  assert.deepEqual(judge('{"xid": {{xid:int}}}', ['{"xid": "77", "z": 0}'], 'json').captures, { xid: '77' });
});

test('a preview shows what matched and what may still come, and changes nothing', () => {
  const matcher = matcherOf('a\n...\nb {{int}}\nc');
  matcher.push(['a', 'x']);
  assert.deepEqual(
    matcher.preview(['b 1']).rows.map((row) => row.kind),
    ['matched', 'elided', 'matched', 'pending'],
  );
  assert.deepEqual(
    matcher.preview().rows.map((row) => row.kind),
    ['matched', 'elided', 'pending', 'pending'],
  );
  assert.equal(matcher.accepts(['b 1', 'c']), true);
  assert.equal(matcher.accepts(['b 1']), false);
  matcher.push(['b 2', 'd']);
  assert.equal(matcher.accepts(['b 3', 'c']), true);
  assert.equal(matcher.end().passed, false);
});

test('a preview after a mismatch shows the line that should not be there', () => {
  const matcher = matcherOf('a\nb\nc');
  matcher.push(['a', 'x']);
  assert.deepEqual(matcher.preview().rows.slice(1), [
    { kind: 'unexpected', actual: 'x', line: 2 },
    { kind: 'pending', expected: 1, text: 'b' },
    { kind: 'pending', expected: 2, text: 'c' },
  ]);
});

test('a role or state that differs fails in every order, and the diff names the cell', () => {
  const body = 'node_id | status | role\n0 | up | primary\n1 | up | standby';
  const output = (status: string, role: string): string[] => [
    ' node_id | status | role    ',
    '---------+--------+---------',
    ' 0       | up     | primary',
    ` 1       | ${status} | ${role}`,
    '(2 rows)',
  ];
  for (const order of ['exact', 'any-order', 'contains'] as const) {
    assert.equal(judge(body, output('up  ', 'standby'), 'table', order).passed, true);
    for (const [status, role] of [
      ['down', 'standby'],
      ['up  ', 'primary'],
      ['up  ', 'Standby'],
      ['up  ', ''],
      ['UP  ', 'standby'],
    ] as const) {
      const judgement = judge(body, output(status, role), 'table', order);
      assert.equal(judgement.passed, false, `${order} ${status} ${role}`);
      const row = judgement.diff.rows.find((found) => found.kind === 'differs');
      assert.ok(row?.kind === 'differs');
      assert.deepEqual(
        row.cells.filter((cell) => !cell.same).map((cell) => cell.column),
        [status === 'up  ' ? 'role' : 'status'],
      );
    }
  }
});

test('rows in any order are paired by a perfect matching, not first come first served', () => {
  const body = 'a | b\n{{int}} | {{*}}\n1 | {{*}}';
  assert.equal(judge(body, ['a|b', '1|x', '2|y'], 'table', 'any-order').passed, true);
  assert.equal(judge(body, ['a|b', '3|x', '2|y'], 'table', 'any-order').passed, false);
  assert.equal(judge(body, ['a|b', '1|x'], 'table', 'contains').passed, false);
});

test('10 MB is too much for a table, and that never passes', () => {
  const judgement = judge('a\n1', ['a', '1', ...Array.from({ length: 11 }, () => ' '.repeat(1_000_000))], 'table');
  assert.equal(judgement.passed, false);
  assert.match(judgement.diff.problem ?? '', /10 MB/);
});

test('lone surrogates, which stand for invalid bytes, equal only themselves', () => {
  assert.equal(judge('a {{/\\x{dc80}/}}', ['a \udc80']).passed, true);
  assert.equal(judge('a {{/\\x{dc80}/}}', ['a \udc81']).passed, false);
  assert.equal(judge('a \ufffd', ['a \udc80']).passed, false);
});
