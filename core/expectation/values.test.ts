import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bindExpectation } from './bind.ts';
import { createMatcher } from './matcher.ts';
import type { Judgement } from './model.ts';
import { isNear } from './near.ts';
import { parseExpectation } from './parse.ts';

function judge(
  body: string,
  output: readonly string[],
  form: 'text' | 'table' | 'json' = 'text',
  values: Readonly<Record<string, string>> = {},
): Judgement {
  const parsed = parseExpectation(body, { form, order: 'exact', file: 'x', firstLine: 1 });
  assert.ok('expectation' in parsed, JSON.stringify(parsed));
  const bound = bindExpectation(parsed.expectation, values);
  assert.ok('expectation' in bound, JSON.stringify(bound));
  const matcher = createMatcher(bound.expectation);
  matcher.push(output);
  return matcher.end();
}

const passes = (body: string, line: string): boolean => judge(body, [line]).passed;

test('a number is near another exactly as far as the page says', () => {
  for (const [text, value, tolerance, near] of [
    ['999999999999999', '999999999999999', '0.5', true],
    ['999999999999999.5', '999999999999999', '0.5', true],
    ['999999999999999.51', '999999999999999', '0.5', false],
    ['1000000000000000', '999999999999999', '0.5', false],
    ['0.33', '0.3', '10%', true],
    ['0.3300000000000000001', '0.3', '10%', false],
    ['-0.33', '-0.3', '10%', true],
    ['3.3e-1', '0.3', '10%', true],
    ['0.1', '0.3', '0.2', true],
    ['1e999', '1', '0.5', false],
    ['1e999999999', '1', '0.5', false],
    ['1.', '1', '0.5', true],
    ['.5', '1', '0.5', true],
    ['+1', '1', '0.5', true],
  ] as const)
    assert.equal(isNear(text, value, tolerance), near, `${text} ${value}±${tolerance}`);
});

test('a number with a tolerance gives and takes with what stands beside it', () => {
  assert.ok(passes('{{0.3±10%}}{{word}}', '0.31x'));
  assert.ok(passes('{{0.3±10%}}{{word}}', '0.3e5x'));
  assert.ok(passes('{{word}}{{0.3±10%}}', 'x0.31'));
  assert.ok(passes('{{int}}{{5±1}}{{int}}', '1255555'));
  assert.ok(passes('{{*}}{{100±5}}{{*}}', 'took 1000 and 103 ms'));
  assert.ok(passes('{{5±1}}{{5±1}}', '46'));
  assert.ok(!passes('{{0.3±10%}}{{word}}', '0.41x'));
  assert.ok(!passes('{{5±1}}{{5±1}}', '48'));
  assert.ok(!passes('{{5±1}} {{word}}', '55 x'));
  assert.deepEqual(judge('{{w:word}}{{n:0.3±10%}}', ['x0.31']).captures, { w: 'x', n: '0.31' });
});

test('a capture may have the name of anything that an object has', () => {
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    const expected = Object.fromEntries([[name, '7']]);
    const same = (captures: Readonly<Record<string, string>>): void =>
      assert.deepEqual(Object.entries(captures), Object.entries(expected));
    same(judge(`x {{${name}:int}}`, ['x 7']).captures);
    same(judge(`a\n-\n{{${name}:int}}`, [' a ', '---', ' 7', '(1 row)'], 'table').captures);
    same(judge(`{"a": "{{${name}:int}}"}`, ['{"a": 7}'], 'json').captures);
    assert.ok(judge(`y {{${name}}}`, ['y 7'], 'text', expected).passed);
    const unbound = parseExpectation(`y {{${name}}}`, { form: 'text', order: 'exact', file: 'x', firstLine: 1 });
    assert.ok('expectation' in unbound);
    assert.deepEqual(bindExpectation(unbound.expectation, {}), { unresolved: [name] });
  }
});

test('of three braces the first is literal', () => {
  assert.ok(passes('{{{oid:int}}}', '{42}'));
  assert.ok(passes('{{{int}},{{int}}}', '{1,2}'));
  assert.ok(passes('{{{{int}},{{int}}},{{{int}},{{int}}}}', '{{1,2},{3,4}}'));
  assert.ok(passes('{{{*}}', '{anything'));
  assert.ok(passes('{{{/[a-z]+/}}}', '{abc}'));
  assert.ok(passes('{{{word}}{{?}}', '{x'));
  assert.ok(passes('\\{{1,2},{3,4}}', '{{1,2},{3,4}}'));
  assert.ok(passes('a }}} {b}', 'a }}} {b}'));
  assert.ok(!passes('{{{oid:int}}}', '42'));
  assert.ok(!passes('{{{oid:int}}}', '{{42}}'));
  assert.deepEqual(judge('{{{oid:int}}}', ['{42}']).captures, { oid: '42' });
  assert.ok(judge('{"a": "{{{int}}}"}', ['{"a": "{5}"}'], 'json').passed);
  assert.ok(judge('a\n-\n{{{int}},{{int}}}', [' a ', '---', ' {1,2}', '(1 row)'], 'table').passed);
  assert.ok(judge('{{{n}},x}', ['{5,x}'], 'text', { n: '5' }).passed);
  for (const body of ['{{{', '{{{{', '{{{x', '{{1,2},{3,4}}', '{{{}}}'])
    assert.ok('problems' in parseExpectation(body, { form: 'text', order: 'exact', file: 'x', firstLine: 1 }), body);
});
