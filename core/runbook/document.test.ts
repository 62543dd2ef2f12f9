import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { formatProblem } from '../problem.ts';
import { extractRunbook } from './extract.ts';
import { fileOf } from './model.ts';

type Files = Readonly<Record<string, string>>;

const fence = (info: string, body: string): string => `\`\`\`${info}\n${body}\n\`\`\`\n`;
const step = (id: string, more = ''): string => fence(`sh step=${id}${more}`, `echo ${id}`);
const imports = (text: string): string => `import Steps from '${text}';\n\n`;

/** Reads `docs/page.mdx` among other files. */
function read(files: Files) {
  return extractRunbook(files['docs/page.mdx'] ?? '', {
    file: 'docs/page.mdx',
    id: 'page',
    read: (path) => files[path],
  });
}

function stepsOf(files: Files): readonly string[] {
  const { runbook, problems } = read(files);
  assert.deepEqual(problems.map(formatProblem), []);
  return runbook.steps.map((one) => `${one.id} ${fileOf(runbook, one)}:${one.line}`);
}

describe('steps of documents that a page shows', () => {
  const cases: readonly (readonly [name: string, files: Files, steps: readonly string[]])[] = [
    [
      'run where they are shown',
      {
        'docs/page.mdx': `${imports('./_steps.mdx')}${step('a')}\n<Steps />\n\n${step('z')}`,
        'docs/_steps.mdx': `Words.\n\n${step('b')}\n${step('c')}`,
      },
      ['a docs/page.mdx:3', 'b docs/_steps.mdx:3', 'c docs/_steps.mdx:7', 'z docs/page.mdx:9'],
    ],
    [
      'are read as plain Markdown in .md',
      {
        'docs/page.mdx': `${imports('../shared/_steps.md')}<Steps />\n`,
        'shared/_steps.md': `a < b {c}\n\n${step('b')}`,
      },
      ['b shared/_steps.md:3'],
    ],
    [
      'are found under any name',
      {
        'docs/page.mdx':
          "import {Content as One, frontmatter} from './_1.md'\nimport * as Two from './_2.mdx'\nimport Three, {x} from './_3.mdx'\nimport {default as Four} from './_4.mdx'\n\n{frontmatter.title} {Two.frontmatter.title} {x}\n\n<One /> <Two.Content></Two.Content>\n\n<Three/>\n\n<Four a={1} />\n",
        'docs/_1.md': step('a'),
        'docs/_2.mdx': step('b'),
        'docs/_3.mdx': step('c'),
        'docs/_4.mdx': step('d'),
      },
      ['a docs/_1.md:1', 'b docs/_2.mdx:1', 'c docs/_3.mdx:1', 'd docs/_4.mdx:1'],
    ],
    [
      'are found through other documents',
      {
        'docs/page.mdx': `${imports('./parts/_outer.mdx')}<Steps />\n`,
        'docs/parts/_outer.mdx': `${imports('../_inner.mdx')}${step('a')}\n<Steps />\n`,
        'docs/_inner.mdx': step('b'),
      },
      ['a docs/parts/_outer.mdx:3', 'b docs/_inner.mdx:1'],
    ],
    [
      'stand within other elements, lists and quotes',
      {
        'docs/page.mdx': `import A from './_a.mdx'\nimport B from './_b.mdx'\nimport C from './_c.mdx'\n\n<Tabs>\n<TabItem>\n\n<A />\n\n</TabItem>\n</Tabs>\n\n1. <B />\n\n> words <C /> words\n`,
        'docs/_a.mdx': step('a'),
        'docs/_b.mdx': step('b'),
        'docs/_c.mdx': step('c'),
      },
      ['a docs/_a.mdx:1', 'b docs/_b.mdx:1', 'c docs/_c.mdx:1'],
    ],
    [
      'do not run when the document is imported and not shown',
      { 'docs/page.mdx': `${imports('./_steps.mdx')}{/* <Steps /> */}\n\n${step('a')}`, 'docs/_steps.mdx': step('b') },
      ['a docs/page.mdx:5'],
    ],
    [
      'may be none, however often and however the document is shown',
      {
        'docs/page.mdx': `${imports('./_words.mdx')}<Steps />\n\n<Steps />\n\n{true && <Steps />}\n\n${step('a')}`,
        'docs/_words.mdx': `---\ntejun: {lab: x}\n---\n\n{props.x}\n\n${fence('sh', 'echo {props.x}')}`,
      },
      ['a docs/page.mdx:9'],
    ],
    [
      'do not run when the text of the document is shown',
      { 'docs/page.mdx': "import raw from './_steps.mdx?raw'\n\n<Code code={raw} />\n", 'docs/_steps.mdx': step('b') },
      [],
    ],
  ];
  for (const [name, files, steps] of cases) test(name, () => assert.deepEqual(stepsOf(files), steps));

  test('can be continued by the page and by other documents', () => {
    const files = {
      'docs/page.mdx': `import Expected from './_expected.mdx'\nimport Windows from './_windows.mdx'\n\n${step('a', ' when=os=linux')}\n<Windows />\n\n<Expected />\n`,
      'docs/_windows.mdx': fence('bat step=a when=os=windows', 'ver'),
      'docs/_expected.mdx': fence('expect', 'a'),
    };
    assert.deepEqual(stepsOf(files), ['a docs/page.mdx:4']);
    const [only] = read(files).runbook.steps;
    assert.deepEqual(
      only?.commands.map(({ file, line }) => [file, line]),
      [
        [undefined, 4],
        ['docs/_windows.mdx', 1],
      ],
    );
    const { file, start, end } = only?.expectations[0]?.value.body ?? assert.fail();
    assert.equal(file, 'docs/_expected.mdx');
    assert.equal(files['docs/_expected.mdx'].slice(start, end), 'a\n');
  });

  test('have the page‘s host and time limit, and change with their text alone', () => {
    const page = `---\ntejun: {host: db, timeout: 5s}\n---\n\n${imports('./_steps.mdx')}<Steps />\n`;
    const one = (partial: string) => read({ 'docs/page.mdx': page, 'docs/_steps.mdx': partial }).runbook.steps[0];
    const [first, moved, edited] = [
      one(step('a')),
      one(`Words.\n\n${step('a')}`),
      one(step('a').replace('o a', 'o b')),
    ];
    assert.equal(first?.host, 'db');
    assert.equal(first?.timeout, 5000);
    assert.equal(moved?.source, first?.source);
    assert.notEqual(edited?.source, first?.source);
  });
});

describe('a page is refused', () => {
  const steps = { 'docs/_steps.mdx': step('b') };
  const page = (text: string): Files => ({ 'docs/page.mdx': `${imports('./_steps.mdx')}${text}\n`, ...steps });
  const cases: readonly (readonly [name: string, files: Files, problems: readonly string[]])[] = [
    [
      'with a mistake in a document that it shows, at its place there',
      { ...page('<Steps />'), 'docs/_steps.mdx': `Words.\n\n${step('b', ' timout=3s')}` },
      ['docs/_steps.mdx:3:14: unknown attribute `timout`'],
    ],
    [
      'with two steps of one name',
      page(`${step('b')}\n## Next\n\n<Steps />`),
      ['docs/_steps.mdx:1:4: there is a step `b` in line 3 of the page already'],
    ],
    [
      'that shows steps twice',
      page('<Steps />\n\n<Steps />'),
      ['docs/page.mdx:5:1: the steps of docs/_steps.mdx are shown in line 3 already'],
    ],
    [
      'that shows steps if',
      page('{x && <Steps />}'),
      ['docs/page.mdx:3:8: an expression shows the steps of docs/_steps.mdx, or does not'],
    ],
    ['that gives steps to an element', page('<Card body={<Steps />} />'), ['docs/page.mdx:3:14: an expression shows']],
    [
      'that gives steps to an element by name',
      page('<Card body={Steps} />'),
      ['docs/page.mdx:3:13: an expression shows'],
    ],
    ['that spreads steps', page('<Card {...{Steps}} />'), ['docs/page.mdx:3:12: an expression shows']],
    [
      'that calls steps otherwise',
      page('export const Other = Steps\n\n<Other />'),
      ['docs/page.mdx:3:22: an expression shows'],
    ],
    [
      'that maps elements to steps',
      page('export const components = { hr: Steps }'),
      ['docs/page.mdx:3:33: an expression shows'],
    ],
    [
      'that exports steps',
      page("export { default as S } from './_steps.mdx'"),
      ['docs/page.mdx:3:30: the steps of docs/_steps.mdx are exported'],
    ],
    [
      'that waits for steps',
      page("export const S = (await import('./_steps.mdx')).default"),
      ['docs/page.mdx:3:25: an expression shows'],
    ],
    [
      'that shows all that a document exports',
      { 'docs/page.mdx': "import * as S from './_steps.mdx'\n\n{S.Content()}\n", ...steps },
      ['docs/page.mdx:3:2: an expression shows'],
    ],
    [
      'that shows steps by a component',
      {
        'docs/page.mdx': "import Box from './Box.astro'\n\n<Box />\n",
        'docs/Box.astro': "---\nimport Inner from '../parts/Inner.tsx'\n---\n<Inner />\n",
        'parts/Inner.tsx': "import S from '../docs/_steps.mdx'\nexport default S\n",
        ...steps,
      },
      ['docs/page.mdx:1:17: `./Box.astro` shows the steps of docs/_steps.mdx'],
    ],
    [
      'that shows steps by a module without its extension',
      {
        'docs/page.mdx': "import { Inner } from './parts'\n\n<Inner />\n",
        'docs/parts/index.ts': "export { Inner } from './inner.js'\n",
        'docs/parts/inner.ts': "export { default as Inner } from '../_steps.mdx'\n",
        ...steps,
      },
      ['docs/page.mdx:1:23: `./parts` shows the steps of docs/_steps.mdx'],
    ],
    [
      'that shows steps by a small letter',
      { 'docs/page.mdx': "import steps from './_steps.mdx'\n\n<steps />\n", ...steps },
      ['docs/page.mdx:3:1: `<steps />` is an element of HTML, so it does not show the steps of docs/_steps.mdx'],
    ],
    [
      'without the file',
      { 'docs/page.mdx': `${imports('./_stps.mdx')}<Steps />\n` },
      ['docs/page.mdx:1:19: there is no file docs/_stps.mdx'],
    ],
    [
      'with an alias',
      { 'docs/page.mdx': `${imports('~/_steps.mdx')}<Steps />\n` },
      ['docs/page.mdx:1:19: cannot tell which file `~/_steps.mdx` is'],
    ],
    [
      'that shows itself',
      { 'docs/page.mdx': `${imports('./page.mdx')}${step('a')}\n<Steps />\n` },
      ['docs/page.mdx:7:1: `<Steps />` shows docs/page.mdx within itself'],
    ],
    [
      'that shows documents in a circle',
      {
        ...page('<Steps />'),
        'docs/_steps.mdx': `${imports('./_other.mdx')}${step('a')}\n<Steps />\n`,
        'docs/_other.mdx': `${imports('./_steps.mdx')}<Steps />\n`,
      },
      ['docs/_other.mdx:3:1: `<Steps />` shows docs/_steps.mdx within itself'],
    ],
    [
      'with a step between tags',
      page(`<Steps>\n\n${step('a')}\n</Steps>`),
      ['docs/page.mdx:3:1: `<Steps>` has a step between its tags'],
    ],
    [
      'with steps of a document that has its own lab',
      { ...page('<Steps />'), 'docs/_steps.mdx': `---\ntitle: x\ntejun:\n  host: other\n---\n\n${step('b')}` },
      ['docs/_steps.mdx:3:1: front matter: what `tejun` says here does not hold where docs/page.mdx shows the steps'],
    ],
    [
      'with values in fences',
      { ...page('<Steps name="x" />'), 'docs/_steps.mdx': fence('sh step=b', 'cd /\necho {props.name}') },
      ['docs/_steps.mdx:3:6: a fence is text, so no value comes into it by `{props.…}`'],
    ],
    [
      'with a name that nothing captures',
      { ...page('<Steps />'), 'docs/_steps.mdx': fence('sh step=b', 'echo {{nme}}') },
      ['docs/_steps.mdx:1:1: `{{nme}}` is used before any step captures it'],
    ],
    [
      'with variants of which two apply',
      {
        ...page(`${step('b', ' when=os=linux')}\n<Steps />`),
        'docs/_steps.mdx': step('b', ' when=os=linux'),
      },
      ['docs/_steps.mdx:1:1: this command and the one in line 3 of the page can both apply'],
    ],
    [
      'with a line that only looks like a fence',
      {
        ...page('<Steps />'),
        'docs/_steps.mdx': `${step('b')}\n<p>a <b>\n\`\`\`sh step=c\necho c\n\`\`\`\n</b></p>\n`,
      },
      ['docs/_steps.mdx:'],
    ],
  ];
  for (const [name, files, problems] of cases)
    test(name, () => {
      const found = read(files).problems.map(formatProblem);
      assert.equal(found.length, problems.length, found.join('\n'));
      for (const [index, problem] of problems.entries()) assert.ok(found[index]?.startsWith(problem), found.join('\n'));
      for (const one of found) assert.match(one, /\n {4}hint: \S/);
    });
});
