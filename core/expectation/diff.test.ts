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

test('in a failure all that an ellipsis took is seen', () => {
  assert.deepEqual(judge('...\nall is well', ['checking', 'disk full']).diff.rows, [
    {
      kind: 'elided',
      expected: 0,
      count: 2,
      why: 'ellipsis',
      shown: [
        { line: 1, text: 'checking' },
        { line: 2, text: 'disk full' },
      ],
    },
    { kind: 'missing', expected: 1, text: 'all is well' },
  ]);
  const [long] = judge('...\nall is well', numbered(5000)).diff.rows;
  assert.ok(long?.kind === 'elided' && long.count === 5000);
  assert.deepEqual([long.shown?.length, long.shown?.[0]?.line, long.shown?.at(-1)?.line], [40, 1, 5000]);
});

test('a line that came is never called missing', () => {
  for (const [body, output] of [
    ['...\nX\nY\n...\nZ', ['X', 'q', 'Y', 'Z']],
    ['...\nX\nY\n...\nZ', ['X', 'q', 'r', 's', 't', 'Y', 'Z']],
    ['A\nB\n...', ['B', 'A']],
    ['...\nA\nB', ['B', 'A']],
    ['...\nCREATE TABLE a\n\n...\nCREATE TABLE b\n\n...', ['CREATE TABLE b', '', 'CREATE TABLE a', '']],
    ['...\nn {{int}}\nend\n...', ['x', 'end', 'n 5', 'y']],
    ['A\n...\nC\n...\nB', [...numbered(4000), 'B', 'C', ...numbered(4000)]],
  ] as const) {
    const { passed, diff } = judge(body, output);
    assert.equal(passed, false);
    const missing = diff.rows.flatMap((row) => (row.kind === 'missing' ? [row.text] : []));
    for (const text of missing) assert.ok(!(output as readonly string[]).includes(text), `${body}: ${text}`);
    assert.ok(diff.rows.some(({ kind }) => kind !== 'matched' && kind !== 'elided'));
  }
  assert.deepEqual(judge('A\nB', ['B', 'A']).diff.rows, [
    { kind: 'misplaced', expected: 0, text: 'A', line: 2 },
    { kind: 'matched', expected: 1, text: 'B', actual: 'B', line: 1 },
    { kind: 'unexpected', actual: 'A', line: 2 },
  ]);
});

test('a line that only looks like an expected one is told apart by its characters', () => {
  for (const [expected, actual, note] of [
    ['caf\u00e9', 'cafe\u0301', 'e\u0301 here is U+0065 U+0301, expected U+00E9 (column 4)'],
    ['cafe\u0301 x', 'caf\u00e9 x', '\u00e9 here is U+00E9, expected U+0065 U+0301 (column 4)'],
    ['a b', 'a\u00a0b', 'here is U+00A0 (no-break space), expected U+0020 (space) (column 2)'],
    ['a b', 'a\u3000b', 'here is U+3000 (ideographic space), expected U+0020 (space) (column 2)'],
    ['ab', 'a\u200bb', 'here is U+200B (zero width space), which is not expected (column 2)'],
    ['a\u200bb', 'ab', 'expected U+200B (zero width space), which did not come (column 2)'],
    ['ab', '\ufeffab', 'here is U+FEFF (byte order mark), which is not expected (column 1)'],
    ['ok', 'ok\u3000', 'here is U+3000 (ideographic space), which is not expected (column 3)'],
    ['ok\u3000', 'ok', 'expected U+3000 (ideographic space), which did not come (column 3)'],
    ['15', '\uff115', '１ here is U+FF11, expected U+0031 (column 1)'],
    ['papa', 'p\u0430pa', 'а here is U+0430, expected U+0061 (column 2)'],
    ["it's", 'it’s', '’ here is U+2019, expected U+0027 (column 3)'],
    ['a-b', 'a–b', '– here is U+2013, expected U+002D (column 2)'],
    [
      'a\tb',
      'a    b',
      'here is U+0020 (space) U+0020 (space) U+0020 (space) U+0020 (space), expected U+0009 (tab) (column 2)',
    ],
    ['soft', 'so\u00adft', 'here is U+00AD (soft hyphen), which is not expected (column 3)'],
    ['n {{int}} m', 'n\u00a05 m', 'here is U+00A0 (no-break space), expected U+0020 (space) (column 2)'],
  ] as const) {
    const { passed, diff } = judge(expected, [actual]);
    assert.equal(passed, false);
    const row = diff.rows.find(({ kind }) => kind === 'unexpected');
    assert.equal(row?.kind === 'unexpected' && row.note, note, JSON.stringify(actual));
  }
  const json = judge('{"a": "é"}', ['{"a": "e\u0301"}'], 'json').diff.rows[0];
  assert.match(json?.kind === 'differs' ? (json.cells[0]?.note ?? '') : '', /U\+0065 U\+0301, expected U\+00E9/);
  const table = judge('a\n-\nx y', [' a ', '---', ' x\u00a0y', '(1 row)'], 'table').diff.rows[0];
  assert.match(table?.kind === 'differs' ? (table.cells[0]?.note ?? '') : '', /U\+00A0 .*expected U\+0020/);
  assert.ok(judge('abc', ['abd']).diff.rows.every((row) => !('note' in row)));
});
