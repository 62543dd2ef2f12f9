import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { formatProblem } from '../problem.ts';
import { extractRunbook } from './extract.ts';

// A page has beside it what it has to become: `x.json` is the runbook, `x.problems` all its mistakes. With UPDATE=1 in the
// environment they are written anew; read the difference before keeping it.
const root = join(import.meta.dirname, 'fixtures');
const pages = readdirSync(root).filter((name) => /\.mdx?$/.test(name));

for (const page of pages) {
  const source = readFileSync(join(root, page), 'utf8');
  const id = page.replace(/\.mdx?$/, '');
  test(page, () => {
    const { runbook, problems } = extractRunbook(source, { file: page, id });
    const golden = join(root, `${id}.${problems.length > 0 ? 'problems' : 'json'}`);
    const found = problems.length > 0 ? problems.map(formatProblem).join('\n') : JSON.stringify(runbook, undefined, 1);
    if (process.env.UPDATE === '1') writeFileSync(golden, `${found}\n`);
    assert.ok(existsSync(golden), `expected ${problems.length > 0 ? 'no problems' : 'problems'}, found\n${found}`);
    assert.equal(`${found}\n`, readFileSync(golden, 'utf8'));
  });

  test(`${page}: bodies lie where they say`, () => {
    for (const { expectations } of extractRunbook(source, { file: page, id }).runbook.steps) {
      for (const { value, line } of expectations) {
        const { start, end, line: first, indent } = value.body;
        assert.equal(source.slice(0, start).split('\n').length, first);
        assert.equal(first, line + 1);
        const body = source.slice(start, end).split(/\r?\n/);
        assert.equal(body.pop(), '', 'a body ends with its last line end');
        for (const text of body) assert.ok(text.startsWith(indent.trimEnd()), `${JSON.stringify(text)} is indented`);
        const texts = value.expectation.kind === 'text' ? value.expectation.lines : [];
        for (const expected of texts) assert.equal(body[expected.line - first], `${indent}${expected.text}`.trimEnd());
      }
    }
  });
}

test('line ends and a byte order mark change nothing', () => {
  for (const page of pages.filter((name) => existsSync(join(root, name.replace(/\.mdx?$/, '.json'))))) {
    const unix = readFileSync(join(root, page), 'utf8')
      .replace(/^\uFEFF/, '')
      .replaceAll('\r\n', '\n');
    const read = (source: string) => {
      const { runbook, problems } = extractRunbook(source, { file: page, id: 'x' });
      assert.deepEqual(problems, []);
      return runbook.steps.map(({ source, commands }) => ({ source, commands }));
    };
    assert.deepEqual(read(`\uFEFF${unix.replaceAll('\n', '\r\n')}`), read(unix), page);
  }
});

test('a step keeps its hash when only the spelling of its fence changes, and no other time', () => {
  const sourceOf = (text: string): string | undefined =>
    extractRunbook(text, { file: 'x.mdx', id: 'x' }).runbook.steps[0]?.source;
  const page = (info: string, expected: string) =>
    `\`\`\`${info}\necho 1\n\`\`\`\n\n\`\`\`${expected}\n1\n\`\`\`\n\n\`\`\`hint\nh\n\`\`\`\n`;
  const first = sourceOf(page('sh step=a host=b', 'expect when=pg>=12'));
  assert.ok(first);
  assert.equal(sourceOf(page('sh   host="b"  step=a', 'expect  when="pg>=12"')), first);
  assert.equal(sourceOf(`Prose.\n\n${page('sh step=a host=b', 'expect when=pg>=12')}\nMore.`), first);
  assert.notEqual(sourceOf(page('sh step=a host=c', 'expect when=pg>=12')), first);
  assert.notEqual(sourceOf(page('bash step=a host=b', 'expect when=pg>=12')), first);
  assert.notEqual(sourceOf(page('sh step=a host=b', 'expect when=pg>=13')), first);
  assert.notEqual(sourceOf(page('sh step=a host=b', 'expect when=pg>=12').replace('\n1\n', '\n2\n')), first);
});
