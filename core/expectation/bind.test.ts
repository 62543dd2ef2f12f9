import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bindExpectation, capturedNames, usedNames } from './bind.ts';
import { createMatcher } from './matcher.ts';
import { parseExpectation } from './parse.ts';

function passes(
  form: 'text' | 'table' | 'json',
  body: string,
  values: Record<string, string>,
  output: string[],
): boolean {
  const parsed = parseExpectation(body, { form, order: 'exact', file: 'x', firstLine: 1 });
  assert.ok('expectation' in parsed, JSON.stringify(parsed));
  const bound = bindExpectation(parsed.expectation, values);
  assert.ok('expectation' in bound, JSON.stringify(bound));
  const matcher = createMatcher(bound.expectation);
  matcher.push(output);
  return matcher.end().passed;
}

test('a used name stands for its value, literally', () => {
  for (const value of ['77', '{{int}}', 'a"b\\', '.*', '{{?}}', 'x/}}y']) {
    assert.equal(passes('text', 'is {{v}}', { v: value }, [`is ${value}`]), true, value);
    assert.equal(passes('text', 'is {{v}}', { v: value }, [`is ${value}1`]), false, value);
    assert.equal(
      passes('table', 'a | b\n{{v}} | 1', { v: value }, ['b,a', `1,"${value.replaceAll('"', '""')}"`]),
      true,
      value,
    );
    for (const body of ['{"a": "{{v}}"}', '{"a": {{v}}}', '{"a": "x", "b": ["{{v}}"]}']) {
      const actual = JSON.stringify(body.includes('"b"') ? { a: 'x', b: [value] } : { a: value });
      assert.equal(passes('json', body, { v: value }, [actual]), true, `${body} ${value}`);
      assert.equal(passes('json', body, { v: `${value}1` }, [actual]), false, `${body} ${value}`);
    }
    assert.equal(passes('json', '{"a": "<{{v}}>"}', { v: value }, [JSON.stringify({ a: `<${value}>` })]), true, value);
    assert.equal(
      passes('json', '{"a": "<{{v}}>"}', { v: value }, [JSON.stringify({ a: `<${value}1>` })]),
      false,
      value,
    );
  }
  assert.equal(passes('json', '{"a": {{v}}}', { v: '77' }, ['{"a": 77}']), true);
  assert.equal(passes('json', '{"a": {{v}}}', { v: '7' }, ['{"a": 77}']), false);
});

test('names without a value are told, all of them', () => {
  for (const [form, body] of [
    ['text', '{{a}} {{x:int}}\n{{b}}'],
    ['table', 'c | d\n{{a}} | {{b}}\n{{x:int}} | {{a}}'],
    ['json', '["{{a}}", {{b}}, "\\{{c}}", {{x:int}}]'],
  ] as const) {
    const parsed = parseExpectation(body, { form, order: 'exact', file: 'x', firstLine: 1 });
    assert.ok('expectation' in parsed, JSON.stringify(parsed));
    assert.deepEqual(bindExpectation(parsed.expectation, { toString: 'x' }), { unresolved: ['a', 'b'] });
    assert.deepEqual(usedNames(parsed.expectation), ['a', 'b']);
    assert.deepEqual(capturedNames(parsed.expectation), ['x']);
  }
});
