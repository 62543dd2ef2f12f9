import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { formatProblem } from '../problem.ts';
import { createMatcher } from './matcher.ts';
import type { Expectation, RowOrder } from './model.ts';
import { parseExpectation } from './parse.ts';
import { createRandom } from './seeded-random.test.ts';

// A folder is named after form and order. Outputs `x.pass-*.txt` have to match `x.expect`, `x.fail-*.txt` must not.
const root = join(import.meta.dirname, 'fixtures');
const parse = (body: string, name: string) => {
  const [form, ...order] = name.split('-');
  const known = (order.join('-') || 'exact') as RowOrder;
  return parseExpectation(body, {
    form: form as Expectation['kind'],
    order: known,
    file: 'page.mdx',
    firstLine: 10,
    indent: 2,
  });
};

for (const folder of readdirSync(root).filter((name) => name !== 'problems')) {
  const files = readdirSync(join(root, folder));
  for (const output of files.filter((file) => file.endsWith('.txt'))) {
    const verdict = /\.(pass|fail)-/.exec(output)?.[1];
    test(`${folder}/${output}`, () => {
      const body = readFileSync(join(root, folder, output.replace(/\.(pass|fail)-.*$/, '.expect')), 'utf8');
      const parsed = parse(body, folder);
      assert.ok('expectation' in parsed, 'problems' in parsed ? parsed.problems.map(formatProblem).join('\n') : '');
      const lines = readFileSync(join(root, folder, output), 'utf8')
        .replace(/\n$/, '')
        .split('\n');
      const matcher = createMatcher(parsed.expectation);
      matcher.push(lines);
      const judgement = matcher.end();
      assert.equal(judgement.passed, verdict === 'pass', JSON.stringify(judgement.diff, null, 1));
      sameHoweverCut(parsed.expectation, lines, judgement);
      const bad = judgement.diff.rows.some(
        (row) => row.kind === 'missing' || row.kind === 'unexpected' || row.kind === 'differs',
      );
      assert.equal(bad || judgement.diff.problem !== undefined, !judgement.passed, 'the diff says why');
    });
  }
}

for (const file of readdirSync(join(root, 'problems')).filter((name) => name.endsWith('.expect'))) {
  test(`problems/${file}`, () => {
    const parsed = parse(
      readFileSync(join(root, 'problems', file), 'utf8'),
      file.replace('.expect', '').replace(/-(cells|duplicate)$/, ''),
    );
    assert.ok('problems' in parsed);
    const found = `${parsed.problems.map(formatProblem).join('\n')}\n`;
    const golden = join(root, 'problems', file.replace('.expect', '.problems'));
    if (process.env.UPDATE === '1') writeFileSync(golden, found);
    assert.equal(found, readFileSync(golden, 'utf8'));
  });
}

function sameHoweverCut(expectation: Expectation, lines: readonly string[], judgement: unknown): void {
  const random = createRandom(lines.length);
  for (let round = 0; round < 20; round++) {
    const matcher = createMatcher(expectation);
    for (let at = 0; at < lines.length; ) {
      const size = random(4);
      matcher.push(lines.slice(at, at + size));
      at += size;
      const tail = lines.slice(at, at + random(3));
      matcher.preview(tail);
      const whole = createMatcher(expectation);
      whole.push([...lines.slice(0, at), ...tail]);
      assert.equal(matcher.accepts(tail), whole.end().passed, 'accepts() is what end() would say');
    }
    assert.deepEqual(matcher.end(), judgement);
  }
}
