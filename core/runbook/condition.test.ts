import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareVersions, exclude, holds, parseCondition, writeCondition } from './condition.ts';
import type { Clause } from './model.ts';

const clauses = (text: string): readonly Clause[] => {
  const parsed = parseCondition(text);
  assert.ok(!('wrong' in parsed), `${text} can be read`);
  return parsed;
};

test('versions are numbers between dots, not text', () => {
  const ordered = ['4.2', '4.2.9', '4.2.10', '4.3', '9.6', '12', '15.20'];
  for (const [i, a] of ordered.entries())
    for (const [j, b] of ordered.entries())
      assert.equal(Math.sign(compareVersions(a, b)), Math.sign(i - j), `${a} ${b}`);
  assert.equal(compareVersions('12', '12.0.0'), 0);
});

const truths: readonly (readonly [string, Record<string, string>, boolean])[] = [
  ['pgpool<4.3', { pgpool: '4.2.10' }, true],
  ['pgpool<4.3', { pgpool: '4.3' }, false],
  ['pgpool<=4.3', { pgpool: '4.3.0' }, true],
  ['pgpool>4.3', { pgpool: '4.3.0' }, false],
  ['pg>=12', { pg: '9' }, false],
  ['pg>=12', { pg: '100' }, true],
  ['pg=12', { pg: '12.0' }, true],
  ['os=linux|windows', { os: 'windows' }, true],
  ['os=linux|windows', { os: 'darwin' }, false],
  ['os!=linux|windows', { os: 'darwin' }, true],
  ['os!=linux', { os: 'linux' }, false],
  ['os=linux pg>=12', { os: 'linux', pg: '11' }, false],
  ['os=linux,pg>=12', { os: 'linux', pg: '12' }, true],
];
for (const [text, facts, expected] of truths) {
  test(`${text} is ${expected} for ${JSON.stringify(facts)}`, () =>
    assert.equal(holds(clauses(text), facts), expected));
}

test('a fact that nobody knows is named, whatever the other clauses say', () => {
  assert.deepEqual(holds(clauses('pgpool<4.3'), { pg: '15' }), { unknown: 'pgpool' });
  assert.deepEqual(holds(clauses('os=windows pgpool!=4.3'), { os: 'linux' }), { unknown: 'pgpool' });
  assert.deepEqual(holds(clauses('pg>=12'), { pg: '18devel' }), { unknown: 'pg as a version (it is `18devel`)' });
});

test('clauses are written as they are read', () => {
  for (const text of ['os=linux', 'os=linux|windows pg>=9.6 lang!=ja', '', 'arch=x86_64|aarch64 os=windows']) {
    const read = text === '' ? [] : clauses(text);
    assert.equal(writeCondition(read), text);
  }
});

test('what cannot be read is named', () => {
  for (const text of ['os', 'pg>=twelve', 'pg=>12', 'pg>=12|13', '=x', 'os=', 'os==linux', ' ', 'pg >= 12'])
    assert.ok('wrong' in parseCondition(text), text);
});

test('conditions that exclude each other are known only when it is certain', () => {
  const pairs: readonly (readonly [string, string, boolean])[] = [
    ['os=linux', 'os=windows', true],
    ['os=linux', 'os!=linux', true],
    ['os=linux|windows', 'os=windows', false],
    ['os!=linux', 'os!=windows', false],
    ['pg>=12', 'pg<12', true],
    ['pg>=12', 'pg<=12', false],
    ['pg>12', 'pg<=12', true],
    ['pg=11|10', 'pg>=12', true],
    ['pg=12', 'pg>=12', false],
    ['pg>=12', 'pg>=13', false],
    ['pg>=12 os=linux', 'pg>=12 os=windows', true],
    ['pg>=12', 'os=windows', false],
  ];
  for (const [a, b, expected] of pairs) {
    assert.equal(exclude(clauses(a), clauses(b)), expected, `${a} / ${b}`);
    assert.equal(exclude(clauses(b), clauses(a)), expected, `${b} / ${a}`);
  }
});
