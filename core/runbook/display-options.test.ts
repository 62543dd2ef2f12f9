import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatProblem } from '../problem.ts';
import { extractRunbook } from './extract.ts';
import { parseInfo } from './info.ts';
import type { Runbook } from './model.ts';

const read = (step: string, expected = 'expect') =>
  extractRunbook(`\`\`\`${step}\necho 1\n\`\`\`\n\n\`\`\`${expected}\n1\n\`\`\`\n`, { file: 'x.mdx', id: 'x' });

/** What Expressive Code's documentation shows, and how its parser reads it beyond that. */
const shown = [
  'title="a.sh" {2} frame=none',
  'title=a.sh',
  `title='a "b".sh'`,
  'title=/etc/postgresql.conf',
  'frame="terminal"',
  'frame=shell',
  '{1, 3-5}',
  '{"Label":1-2}',
  '"select 1"',
  "'two words'",
  '/ye[sp]/',
  '/a b/',
  'mark={1} ins={2-3} del="x" del=/y z/',
  `ins={'1':1} add="x" rem='y'`,
  'wrap preserveIndent=false hangingIndent=2',
  'showLineNumbers startLineNumber=5',
  'showlinenumbers=false',
  'collapse={1-3, 5-6} collapseStyle=collapsible-start collapsePreserveIndent',
  "title='say step=x'",
];

for (const meta of shown)
  test(`takes ${meta} as how a fence looks`, () => {
    const plain = read('sh step=a timeout=5s', 'expect text');
    const { runbook, problems } = read(`sh ${meta} step=a ${meta} timeout=5s`, `expect ${meta} text ${meta}`);
    assert.deepEqual(problems, []);
    const seen = ({ steps }: Runbook) =>
      steps.map(({ source, timeout, commands, expectations }) => ({
        hashed: [source, timeout, commands],
        expected: expectations.map(({ value }) => value.expectation),
      }));
    assert.deepEqual(seen(runbook), seen(plain.runbook));
    const { display } = parseInfo(`sh step=a ${meta} timeout=5s`);
    assert.equal(display.map(({ text }) => text).join(' '), meta);
  });

const mistakes: readonly (readonly [info: string, problem: string])[] = [
  ['sh step=a timout=5s title="a.sh"', 'x.mdx:1:14: unknown attribute `timout`\n    hint: did you mean `timeout`?'],
  ['sh step=a titel="a.sh"', 'x.mdx:1:14: unknown attribute `titel`\n    hint: did you mean `title`?'],
  ['sh step=a timout={5}', 'x.mdx:1:14: unknown attribute `timout`\n    hint: did you mean `timeout`?'],
  [
    'sh step=a frame=round',
    'x.mdx:1:14: there is no frame `round`\n    hint: write frame=code, frame=terminal, frame=none, frame=auto, frame=editor, frame=shell',
  ],
  [
    'sh step=a ins={two}',
    'x.mdx:1:14: cannot read `ins={two}`\n    hint: write words in quotes and lines in braces, as in mark="x" {1,3-5}',
  ],
  ['sh step=a useDiffSyntax', 'x.mdx:1:14: unknown attribute `useDiffSyntax`'],
  ['sh step=a "danger', 'x.mdx:1:14: cannot read the attribute `"danger`'],
  ['sh {step=a}', 'x.mdx:1:7: cannot read the attribute `{step=a}`'],
];

for (const [info, problem] of mistakes)
  test(`refuses ${info}`, () => {
    const found = read(info).problems.map(formatProblem).join('\n');
    assert.ok(found.startsWith(problem), found);
  });

test('a fence that is not shown as code has no looks', () => {
  const page = '```sh step=a\nfalse\n```\n\n```hint title="x"\ntry\n```\n';
  const [problem] = extractRunbook(page, { file: 'x.mdx', id: 'x' }).problems;
  assert.match(problem?.what ?? '', /`title="x"` is about how code looks/);
});
