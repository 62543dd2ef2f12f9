import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Acceptance, applyHunks, mergeAccepted } from './accept.ts';
import { bindExpectation } from './bind.ts';
import { createMatcher } from './matcher.ts';
import type { RowOrder } from './model.ts';
import { bodyLines, parseExpectation } from './parse.ts';
import { createRandom } from './seeded-random.test.ts';
import { suggestPlaceholders } from './suggest.ts';

type Form = 'text' | 'table' | 'json';

function accept(
  form: Form,
  order: RowOrder,
  body: string,
  output: readonly string[],
  values: Record<string, string> = {},
): string[] {
  const parsed = parseExpectation(body, { form, order, file: 'x', firstLine: 1 });
  assert.ok('expectation' in parsed, JSON.stringify(parsed));
  const acceptance: Acceptance = { expectation: parsed.expectation, body: bodyLines(body), output, values };
  const merged = mergeAccepted(acceptance);
  assert.ok('hunks' in merged, `${JSON.stringify(merged)}\n${output.join('\n')}`);
  for (const hunk of merged.hunks) assert.deepEqual(acceptance.body.slice(hunk.from, hunk.to), hunk.before);
  const accepted = applyHunks(acceptance.body, merged.hunks);
  const again = parseExpectation(accepted.join('\n'), { form, order, file: 'x', firstLine: 1 });
  assert.ok('expectation' in again, JSON.stringify(again));
  const bound = bindExpectation(again.expectation, values);
  assert.ok('expectation' in bound);
  const matcher = createMatcher(bound.expectation);
  matcher.push(output);
  assert.equal(matcher.end().passed, true, `${accepted.join('\n')}\n<<>>\n${output.join('\n')}`);
  return accepted;
}

test('placeholders stay that stand for blank lines at the end', () => {
  assert.deepEqual(accept('text', 'exact', 's\n{{/[a-z]*/}}', ['other s', '']), ['other s', '{{/[a-z]*/}}']);
  assert.deepEqual(accept('text', 'exact', 's\n{{/\\.+/}}\n{{*}}', ['other s', '.', '']), [
    'other s',
    '{{/\\.+/}}',
    '{{*}}',
  ]);
  assert.deepEqual(accept('text', 'exact', 'zzz\nb {{word}}-q', ['b 2', '', '']), ['b 2']);
});

test('three braces around what looks like a quantifier can be accepted', () => {
  assert.deepEqual(accept('text', 'exact', 'a', ['{{{?}}', 'x {{{+}}']), ['\\{{{?}}', 'x \\{{{+}}']);
});

test('a line of dots is accepted as such, never as an ellipsis', () => {
  assert.deepEqual(accept('text', 'exact', 'a', ['...']), ['\\...']);
  assert.deepEqual(accept('text', 'exact', 'a{{int}}\nb', ['（中略）', 'b']), ['\\（中略）', 'b']);
  assert.deepEqual(accept('text', 'exact', 'a', ['...\u3000']), ['\\...\u3000']);
});

test('volatile text becomes placeholders', () => {
  for (const [line, expected] of [
    ['2026-11-23 01:10:15.123 UTC [4711] LOG:  redo at 0/3000148', '{{timestamp}} [{{pid}}] LOG:  redo at {{lsn}}'],
    ['2026-11-23 01:10:15 LOG:  x', '{{timestamp}} LOG:  x'],
    ['connect to 192.168.1.228 took 12.5 ms', 'connect to {{ip}} took {{duration}}'],
    ['INSERT 0 1000', 'INSERT 0 1000'],
    ['version 15.4.1 of {{x}}', 'version 15.4.1 of \\{{x}}'],
    ['  ...', '  \\...'],
  ] as const) {
    assert.equal(suggestPlaceholders(line), expected);
  }
});

test('placeholders, captures and ellipses of the old body survive', () => {
  assert.deepEqual(
    accept('text', 'exact', 'start\nLOG: pid {{p:pid}} took {{duration}}\n...\nend {{?}}\nlast', [
      'start',
      'LOG: process 77 took 3 ms',
      'x',
      'end',
      'final',
    ]),
    ['start', 'LOG: process {{p:pid}} took {{duration}}', '...', 'end {{?}}', 'final'],
  );
  assert.deepEqual(accept('text', 'exact', 'count {{n}} of {{int}}', ['counted 5 of 7'], { n: '5' }), [
    'counted {{n}} of {{int}}',
  ]);
});

test('one changed line is one hunk of one line', () => {
  const body = ['a', 'b {{int}}', 'c', 'd'];
  const parsed = parseExpectation(body.join('\n'), { form: 'text', order: 'exact', file: 'x', firstLine: 1 });
  assert.ok('expectation' in parsed);
  const merged = mergeAccepted({ expectation: parsed.expectation, body, output: ['a', 'b 1', 'C', 'd'], values: {} });
  assert.deepEqual(merged, { hunks: [{ from: 2, to: 3, before: ['c'], after: ['C'] }] });
});

test('a table keeps its author’s columns, padding and placeholders', () => {
  assert.deepEqual(
    accept(
      'table',
      'any-order',
      ' id | role    | at\n 0  | primary | {{timestamp}}\n 1  | standby | {{timestamp}}\n(2 rows)',
      [
        'id|x|role|at',
        '1|z|primary|2026-11-23 01:10:15',
        '0|z|standby|2026-11-23 01:10:15',
        '2|z|down|2026-11-23 01:10:15',
        '(3 rows)',
      ],
    ),
    [
      ' id | role    | at',
      ' 0  | standby | {{timestamp}}',
      ' 1  | primary | {{timestamp}}',
      ' 2  | down    | {{timestamp}}',
      '(3 rows)',
    ],
  );
});

test('JSON keeps the keys that its author named, and the placeholders that still hold', () => {
  assert.equal(
    accept('json', 'exact', '{"id": {{int}}, "state": "up"}', ['{"id": 7, "state": "down", "more": [1]}']).join('\n'),
    '{\n  "id": {{int}},\n  "state": "down"\n}',
  );
});

test('whatever comes, the accepted body matches it', () => {
  const random = createRandom(7);
  const pool = [
    'a',
    'b',
    '',
    '...',
    '\\...',
    '…',
    '{{int}}',
    '\\{{x}}',
    'row 1',
    'row 2',
    'x {{?}}',
    '2026-11-23 01:10:15 UTC [12] LOG: x',
    'ends\\ {{+}}',
    '（中略）',
    '\udc80 bad',
    'tab\there',
    'esc \x1b[0m',
    '0/3000148',
    '{{',
    '}}',
    ' {{/a/}}',
    '日本語　',
    '\\',
    'C:\\a|b',
    '"q"',
    'a,b',
  ];
  const line = (): string => pool[random(pool.length)] ?? '';
  const bodies = [
    'a\n...\nb',
    'row {{int}} {{+}}\nx {{?}}',
    '',
    'a {{word}}\n\nb',
    '...\n{{timestamp}} [{{pid}}] LOG: {{*}}\n...',
  ];
  for (let i = 0; i < 1500; i++) {
    accept('text', 'exact', bodies[random(bodies.length)] ?? '', Array.from({ length: random(7) }, line));
  }
  const cell = (): string => (pool[random(pool.length)] ?? '').trim();
  const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  for (let i = 0; i < 600; i++) {
    const rows = Array.from({ length: random(4) }, () => [cell(), cell(), cell()].map(quote).join(','));
    const order = (['exact', 'any-order', 'contains'] as const)[random(3)] ?? 'exact';
    const body =
      [
        'a,c\n1,{{int}}\n{{word}},x',
        'a | c\n1 | {{int}}',
        ' a | c\n---+---\n 1 | x',
        '-[ RECORD 1 ]\na | 1\nc | {{word}}',
      ][random(4)] ?? '';
    accept('table', order, body, ['a,b,c', ...rows]);
  }
  for (let i = 0; i < 600; i++) {
    const value = [
      { a: cell(), b: [random(3), random(3)] },
      cell(),
      null,
      { b: [cell()], a: { c: 1 } },
      [{ a: 1 }, cell()],
    ][random(5)];
    const order = (['exact', 'any-order', 'contains'] as const)[random(3)] ?? 'exact';
    accept('json', order, '{"a": "{{word}}", "b": [1, {{int}}]}', JSON.stringify(value, null, random(2)).split('\n'));
  }
});

test('accepted tables keep their drawing, the lines beside them and columns of one name', () => {
  assert.deepEqual(
    accept('table', 'exact', 'NOTICE:  {{word}}\n id | id\n----+----\n 1  | 2\n(1 row)', [
      'NOTICE:  hello',
      ' id | id ',
      '----+----',
      '  1 |  3',
      '  4 |  5',
      '(2 行)',
      '',
      'WARNING:  late',
    ]),
    ['NOTICE:  {{word}}', ' id | id', '----+----', ' 1  | 3', ' 4  | 5', '(2 行)', 'WARNING:  late'],
  );
  assert.deepEqual(accept('table', 'exact', ' a │ b\n───┼────\n 1 │ ✅', ['a,b', '1,❌']), [
    ' a │ b',
    '───┼────',
    ' 1 │ ❌',
  ]);
  assert.deepEqual(accept('table', 'exact', 'a b\n- --\n1 ✅', ['a,b', '1,❌xyz']), [
    ' a | b',
    '---+-------',
    ' 1 | ❌xyz',
  ]);
  assert.deepEqual(
    accept('table', 'exact', '┌───┬────┐\n│ a │ b  │\n├───┼────┤\n│ 1 │ ✅ │\n└───┴────┘', ['a|b', '2|❌', '(1 row)']),
    ['┌───┬────┐', '│ a │ b  │', '├───┼────┤', '│ 2 │ ❌ │', '└───┴────┘'],
  );
  assert.deepEqual(accept('table', 'exact', ' v\n---\n a', [' v ', '---', ' ', '(1 row)', '']), [
    ' v',
    '---',
    '',
    '(1 row)',
  ]);
  assert.deepEqual(accept('table', 'exact', 'v|w\na|b', ['v|w', 'a|\u00a0', '(1 row)']), ['v|w', 'a|\u00a0']);
  assert.deepEqual(accept('table', 'exact', 'v,w\nx,y', ['v,w', 'x,a\tb']), ['v,w', 'x,a\tb']);
});

test('a table with cells of several lines can be accepted', () => {
  const body = ' a  | b\n----+---\n x +| {{int}}\n y  |\n z  | {{int}}';
  assert.deepEqual(
    accept('table', 'exact', body, [' a  |  b  ', '----+-----', ' x +| one', ' y  | ', ' z  | 2', '(2 rows)']),
    [' a | b', '---+---------', ' x+| one', ' y |', ' z | {{int}}'],
  );
});

test('a table below another line can be accepted in place of CSV', () => {
  const output = ['NOTICE:  z', ' a |  b  ', '---+-----', ' 2 | x|y', '(1 row)'];
  assert.deepEqual(accept('table', 'exact', 'a,b\n1,x|y', output), [
    'NOTICE:  z',
    ' a | b',
    '---+------',
    ' 2 | x\\|y',
  ]);
});

test('tabs stay tabs, and placeholders beside them stay', () => {
  assert.deepEqual(accept('text', 'exact', 'id\t{{int}}\told\n...', ['id\t5\tnew', 'x\ty']), [
    'id\t{{int}}\tnew',
    '...',
  ]);
  assert.deepEqual(accept('text', 'exact', '{{pid}}\ta', ['7\ta\tb']), ['{{pid}}\ta\tb']);
  assert.deepEqual(accept('text', 'exact', 'gone', ['a\tb']), ['a\tb']);
  // Blanks that stand for a tab fit as they did.
  assert.deepEqual(accept('text', 'exact', 'a       {{int}}\nold', ['a\t5', 'new']), ['a       {{int}}', 'new']);
});

test('a brace before a placeholder stays one', () => {
  assert.deepEqual(accept('text', 'exact', 'a {{{int}},x}', ['a {5,y}']), ['a {{{int}},y}']);
  assert.deepEqual(accept('text', 'exact', 'gone', ['{{1,2},{3,4}} {{{x}}}']), ['\\{{1,2},{3,4}} \\{{{x}}}']);
});

test('what psql says of a long time is one placeholder', () => {
  assert.equal(suggestPlaceholders('Time: 1208.761 ms (00:01.209)'), 'Time: {{duration}}');
  assert.equal(suggestPlaceholders('Time: 90123004.000 ms (1 d 01:02:03.004)'), 'Time: {{duration}}');
});
