import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatProblem } from '../problem.ts';
import { createMatcher } from './matcher.ts';
import type { Judgement, RowOrder } from './model.ts';
import { parseExpectation } from './parse.ts';

function judge(body: string, output: string, order: RowOrder = 'exact'): Judgement {
  const parsed = parseExpectation(body, { form: 'table', order, file: 'page.mdx', firstLine: 1 });
  assert.ok('expectation' in parsed, 'problems' in parsed ? parsed.problems.map(formatProblem).join('\n') : '');
  const matcher = createMatcher(parsed.expectation);
  matcher.push(output.split('\n'));
  return matcher.end();
}

test('of columns with one name all are named, or none', () => {
  const output = ' id | n | id \n----+---+----\n  1 | x |  2\n(1 row)';
  assert.equal(judge('id | id\n1 | 2', output).passed, true);
  assert.equal(judge('n\nx', output).passed, true);
  assert.equal(judge('id | id\n2 | 1', output).passed, false);
  assert.equal(
    judge('id\n1', output).diff.problem,
    'the output has 2 columns `id`, the page names 1: name all of them, or rename them with `AS` in the query',
  );
  assert.equal(
    judge('id | id | id\n1 | 2 | 2', output).diff.problem,
    'the output has 2 columns `id`, the page names 3: name all of them, or rename them with `AS` in the query',
  );
  assert.match(judge('n | n\nx | x', output).diff.problem ?? '', /has one column `n`, the page names 2/);
});

test('psql 17 takes no room for a zero-width space, psql 15 a column', () => {
  // Bars in a cell: only the columns tell which bars separate.
  const table = (pad: string): string => ` a   | b \n-----+---\n \u200b|x${pad} | 1\n 12| | 2\n(2 rows)`;
  const body = 'a | b\n\u200b\\|x | 1\n12\\| | 2';
  assert.equal(judge(body, table('')).passed, true, 'psql 15');
  assert.equal(judge(body, table(' ')).passed, true, 'psql 17');
  assert.equal(judge(body, table('  ')).passed, false);
});

test('psql 14 takes one column for an emoji', () => {
  assert.equal(judge('a | b\n✅\\|x | 1', ' a   | b \n-----+---\n ✅|x | 1\n(1 row)').passed, true);
});

for (const footer of ['(1개 행)', '(1 řádka)', '(1 рядок)', '(1 σειρά)', '(1 მწკრივი)', '（1 行）']) {
  test(`a table ends with ${footer}`, () => {
    assert.equal(judge('v\na', ` v \n---\n a\n${footer}\n`).passed, true);
    assert.equal(judge('v\na', `v\na\n${footer}`, 'contains').passed, true);
    assert.equal(judge('v\na', `v\na\n${footer}\nERROR:  x`, 'contains').passed, false);
    assert.equal(judge('v\na', ` v \n---\n a\n${footer.replace('1', '2')}\n`).passed, false);
    assert.equal(judge(` v\n---\n a\n${footer}`, ' v \n---\n a\n(1 row)\n').passed, true);
  });
}

test('a tab is met by a tab, and by the blanks that psql or a terminal shows for it', () => {
  assert.equal(judge('v,w\nx,a\tb', 'v,w\nx,a\tb').passed, true);
  assert.equal(judge('v,w\nx,a\tb', ' v |     w     \n---+-----------\n x | a       b\n(1 row)').passed, true);
  // In its line the cell begins at column 2, so that a terminal shows five blanks.
  assert.equal(judge('v,w\nx,a     b', 'v,w\nx,a\tb').passed, true);
  assert.equal(judge('v,w\nx,a b', 'v,w\nx,a\tb').passed, false);
  assert.equal(judge('v,w\nx,a\tb', 'v,w\nx,a b').passed, false);
  assert.equal(judge('v,w\nx,{{*}}\tb', ' v |     w     \n---+-----------\n x | abc     b\n(1 row)').passed, true);
  assert.equal(judge('v,w\nx,{{*}}\tb', ' v |     w     \n---+-----------\n x | abc    b\n(1 row)').passed, false);
  assert.equal(judge('v,w\nx,{{/a\\tb/}}', 'v,w\nx,a\tb').passed, true);
  assert.equal(judge('v|w\nx|a\tb\ny|c', 'v|w\ny|c\nx|a\tb\n(2 rows)', 'any-order').passed, true);
});

test('cells are cut at tabs, also before empty ones at the end', () => {
  assert.equal(judge('a\tb\n1\tx y', 'a\tb\n1\tx y\n(1 row)').passed, true);
  assert.equal(judge('a | b\n1 | \n | ', 'a\tb\n1\n\n(2 rows)').passed, false, 'a blank line is no row of two cells');
  assert.equal(judge('a | b\n1 |', 'a\tb\n1\n(1 row)').passed, true);
  assert.equal(judge('a | b\n1 | x', 'a\tb\n1\tx\nERROR\n(1 row)').passed, false);
  assert.equal(judge('a | b\n1 | x\n | ', 'a\tb\n1\tx\n\t\n(2 rows)').passed, true);
  assert.equal(judge('a | b\n1 | x', 'a\tb\n1\tx\n\t').passed, false, 'tabs alone are a row');
  assert.equal(judge('a | b\n1 | x', 'a\tb\n1\tx\n\n').passed, true);
  // Another line, or a row whose last value is empty.
  assert.equal(judge('a | b\n1 | x', 'a\tb\n1\tx\ndone', 'contains').passed, false);
  assert.equal(judge('a | b\n1 | x', 'a\tb\n1\tx\ndone\ty', 'contains').passed, true);
});

test('the first line with all names is the header, whatever separates values below it', () => {
  assert.equal(judge('b\n2', 'b,host\n1,x\nx|b\n1|2').passed, false);
  assert.equal(judge('b | host\nx\\|b | y', 'b,host\nx|b,y').passed, true);
  assert.equal(judge('a | b', 'a,b\n(0 rows)').passed, true);
});

test('a `+` at the end of a cell stays where old ASCII lines mark what goes on', () => {
  const aligned = ' a | b  \n---+----\n 1 | x+ \n   : y\n(1 row)\n';
  const framed = '+---+----+\n| a | b  |\n+---+----+\n| 1 | x+ |\n|   : y  |\n+---+----+\n(1 row)\n';
  const expanded = '-[ RECORD 1 ]\na | 1\nb | x+\n  : y\n';
  for (const output of [aligned, framed, expanded]) {
    assert.equal(judge('a,b\n1,"x+\ny"', output).passed, true, output);
    assert.equal(judge('a,b\n1,"x\ny"', output).passed, false, output);
  }
});

test('a title is centred over the columns as psql counts them', () => {
  // `\pset border 0` and `\pset title Nodes`; psql counts a blank behind the last column, too.
  const output = '    Nodes\nid    a    a \n-- ------- -\na  primary \n(1 row)\n';
  assert.equal(judge('id\na', output).passed, true);
  assert.equal(judge('Nodes\n id\n----\n a', output).passed, true);
  assert.equal(judge('id\na', output.replace('    Nodes', '   Nodes')).passed, false);
});

test('a single column without footer is not guessed from a rule or a blank line', () => {
  // Values `-` and empty, as `psql -A` prints them, or a rule and a blank line.
  assert.equal(judge('a', 'a\n-').passed, false);
  assert.equal(judge('a\nx', 'a\n-\nx').passed, false);
  assert.equal(judge('a\nx', 'a\n-\nx\n(1 row)').passed, true);
  assert.equal(judge('a\n-\n(0 rows)\n\ndone', 'a\n\ndone').passed, false);
  assert.equal(judge(' a\n---\n x\n\n(2 rows)\n\ndone', 'a\nx\n\n(2 rows)\ndone').passed, true);
});

test('lines beside a table are named, with placeholders and captures, or fail it', () => {
  const body = 'NOTICE:  table has {{rows:int}} rows\n v\n---\n a\n(1 row)\n\nTime: {{duration}}';
  const output = 'NOTICE:  table has 12 rows\n v \n---\n a\n(1 row)\n\nTime: 1.5 ms';
  assert.deepEqual(judge(body, output).captures, { rows: '12' });
  assert.equal(judge(body, output).passed, true);
  assert.equal(judge('v\na', output).diff.problem, 'the output has lines that do not belong to the table');
  assert.equal(
    judge(body, output.replace('Time', 'time')).diff.problem,
    'the line `Time: {{duration}}` was expected below the table',
  );
  assert.equal(judge(body, `WARNING:  x\n${output}`).passed, false);
  assert.equal(judge(body, output.replace('NOTICE:  table has 12 rows\n', '')).passed, false);
});

test('expanded records without lines need their names told from the values', () => {
  const output = '* Record 1 \nid    1\nlong  a b\n* Record 2 \nid    2\nlong  \n';
  assert.equal(judge('id | long\n1 | a b\n2 |', output).passed, true);
  assert.equal(judge('id | long\n1 | a b\n2 |', `${output}ERROR:  x`).passed, false);
  assert.equal(judge('id\n1\n2', '* Record 1\nid 1\nERROR:  x\n* Record 2\nid 2\nERROR:  x').passed, false);
});

test('no rows in expanded form, with a message, need the message to be named', () => {
  assert.equal(judge('v', '(0 rows)').passed, true);
  assert.equal(judge('v', 'NOTICE:  x\n(0 rows)').passed, false);
});

test('a line of dashes below a header of -A is no rule: psql puts a name over the middle of its own', () => {
  assert.equal(judge('v\nabc\nd', 'v\n-----\nabc\nd\n(2 rows)').passed, false);
  assert.equal(judge('v\nabc\nd', ' v \n---\nabc\nd\n(2 rows)').passed, true);
});

test('every form tells the same of blanks and line ends within a value', () => {
  const body = 'v,w\nx,"a\nb"';
  assert.equal(judge(body, 'v,w\nx,"  a \n b\n"').passed, true);
  assert.equal(judge(body, ' v |  w  \n---+-----\n x |  a +\n   | b  +\n   | \n(1 row)').passed, true);
  assert.equal(judge(body, '-[ RECORD 1 ]\nv | x\nw |  a +\n  | b  +\n  | ').passed, true);
  assert.equal(judge(body, 'v,w\nx,"a\n\nb"').passed, false);
});

test('the single value of a row may contain bars', () => {
  assert.equal(judge('v\na\\|b', 'v\na|b').passed, true);
  assert.equal(judge('v\na\\|b', 'v\na|b\n(1 row)', 'contains').passed, true);
  assert.equal(judge('v\\|w\n1', '-[ RECORD 1 ]\nv|w | 1').passed, true);
});

test('a blank row of all empty values is read where the footer says so', () => {
  assert.equal(judge('a | b\n | \nx | y', 'a b\n- -\n\nx y\n(2 rows)').passed, true);
  assert.equal(judge('a | b\nx | y', 'a b\n- -\n\nx y\n(2 rows)').passed, false);
});
