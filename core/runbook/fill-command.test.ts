import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fillCommand, namesIn } from './fill-command.ts';
import type { Language } from './model.ts';

const fill = (text: string, values: Record<string, string>, language: Language = 'sh'): string => {
  const filled = fillCommand({ language, text }, values);
  return filled.kind === 'filled' ? filled.text : `! ${filled.reason}`;
};

test('names are replaced, escaped braces and other braces stay', () => {
  assert.equal(
    fill('echo {{a}} {{ b-c }} \\{{a}} ${a} {a} {{}} {{1}}', { a: '1', 'b-c': '2' }),
    'echo 1 2 {{a}} ${a} {a} {{}} {{1}}',
  );
  assert.deepEqual(namesIn({ language: 'sh', text: '{{a}} \\{{b}} {{ c }}{{a}}' }), ['a', 'c', 'a']);
});

test('a replaced value is never read again', () => {
  assert.equal(fill('{{a}}{{b}}', { a: '$', b: '1' }).startsWith('! '), true);
  assert.equal(fill('{{a}}', { a: '1' }), '1');
});

test('what is missing is said, also when the name is one that every object has', () => {
  assert.match(fill('echo {{xid}}', {}), /^! the command uses \{\{xid\}\}, which no earlier step of this run captured/);
  assert.match(fill('echo {{constructor}}', {}), /^! /);
  assert.match(fill('echo {{port}}', { port: '' }), /^! the command uses \{\{port\}\}, which is empty/);
});

test('a value that would be more than a name or a number in SQL is refused', () => {
  const sql = (text: string, value: string): string => fill(text, { a: value }, 'sql');
  for (const value of ['5', '-5', '0/3000060', '1.5e+10', 'public.tbl', '2026-11-23'])
    assert.equal(sql("select '{{a}}'", value), `select '${value}'`);
  for (const value of ["x'", 'x"', '1 or true', '1;', 'a$b', 'a\\b', '@a', '1*2', '(1)', '＇', '“'])
    assert.match(sql('select {{a}}', value), /^! /);
  // A comment would hide what comes after it.
  assert.match(sql('select 7-{{a}}, 1', '-5'), /^! a value that is filled in begins a comment/);
  assert.match(sql('select {{a}}, 1', '--5'), /^! /);
  assert.match(sql('select {{a}}* 2', '1/'), /^! /);
  assert.equal(sql('select 7-({{a}}) -- {{a}}', '-5'), 'select 7-(-5) -- -5');
});

test('every character that bash does not hand on as it is refuses to be filled in', () => {
  const codes = [...Array(0x17f).keys()].map((code) => code + 1);
  for (const code of [...codes, 0x301, 0x3b1, 0x416, 0x5d0, 0x661, 0x915, 0x3042, 0x6771, 0x8868, 0xff21, 0xff11]) {
    const value = `a${String.fromCharCode(code)}b`;
    const filled = fill("printf '%s|' {{a}}", { a: value });
    if (filled.startsWith('! ')) continue;
    // One bash for each accepted character: what it prints is what the value was.
    const { stdout } = spawnSync('bash', ['-c', filled], { encoding: 'utf8' });
    assert.equal(stdout, `${value}|`);
  }
});

test('usual values pass, values that do something do not', () => {
  for (const value of [
    '0/3000060',
    '192.168.1.228',
    '2026-11-23T01:02:03+09:00',
    'a,b',
    'k=v',
    'user@host',
    '/srv/data-1',
    '50%',
    '東京',
    'Zoë',
    'Zoe\u0308',
    'ソ表',
    '٣',
    'Ω１Ａ',
    'हिन्दी',
    '𠮷',
  ])
    assert.equal(fill('x {{v}}', { v: value }), `x ${value}`);
  for (const value of [
    'a b',
    '$(id)',
    '`id`',
    'a;b',
    'a\nb',
    "a'b",
    'a"b',
    'a|b',
    'a&b',
    '~',
    '*',
    '!x',
    'a\u00a0b',
    'a\u200bb',
    'a\u202eb',
    'a\u3000b',
    'a\u3164b',
    'a\ufe0fb',
    'a\u0085b',
    '“',
    '＄',
    '👍',
    '\\',
    '#',
    '{a,b}',
    '<a',
    'a\0',
  ])
    assert.match(
      fill('x {{v}}', { v: value }),
      /^! \{\{v\}\} has ".+"(?: \(U\+[0-9A-F]+\))? in it, which the sh command could interpret/,
    );
  assert.match(fill('x {{v}}', { v: '%PATH%' }, 'bat'), /^! .*bat command could interpret/);
  assert.match(fill('x {{v}}', { v: 'a,b' }, 'powershell'), /^! /);
});

test('a value that is refused is not told: it could be a secret', () => {
  const told = fill('x {{v}}', { v: 'correct"horse' });
  assert.doesNotMatch(told, /correct|horse/);
});

test('a path of Windows passes on Windows, unless its end would take away the meaning of a quote', () => {
  for (const language of ['bat', 'powershell'] as const) {
    assert.equal(fill('dir "{{a}}"', { a: 'C:\\PostgreSQL\\18' }, language), 'dir "C:\\PostgreSQL\\18"');
    for (const value of ['C:\\', 'C:\\a b', 'C:\\a&b', 'C:\\a"b', 'C:\\%a%', 'C:\\a;b'])
      assert.match(fill('dir "{{a}}"', { a: value }, language), /^! /);
  }
  assert.match(fill('ls {{a}}', { a: 'a\\b' }, 'sh'), /^! /);
});

test('letters of every script are no syntax, in no language; those that Windows makes a quote of are refused there', () => {
  for (const language of ['sh', 'bash', 'bat', 'powershell', 'sql'] as const) {
    for (const value of ['東京', 'Zoë', 'Ελλάδα', 'データ1', '𠮷野'])
      assert.equal(fill('echo {{v}}', { v: value }, language), `echo ${value}`);
    for (const value of ['a\u00a0b', 'a\u200bb', 'a\u2066b', '\ufeffa', 'a\u3000b', '”', '＆'])
      assert.match(fill('echo {{v}}', { v: value }, language), /^! .*\(U\+[0-9A-F]{4}\)/);
  }
  for (const value of ['a\u02ba', 'a\u0302']) assert.match(fill('dir {{v}}', { v: value }, 'bat'), /^! /);
});
