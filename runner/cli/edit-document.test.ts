import assert from 'node:assert/strict';
import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { extractRunbook } from '../../core/runbook/extract.ts';
import type { FenceBody } from '../../core/runbook/model.ts';
import { bodyOf, editDocument } from './edit-document.ts';

/** The bodies of the expectations of a page. */
function bodiesOf(source: string): readonly FenceBody[] {
  const { runbook, problems } = extractRunbook(source, { file: 'page.mdx', id: 'page' });
  assert.deepEqual(problems, []);
  return runbook.steps.flatMap(({ expectations }) => expectations.map(({ value }) => value.body));
}

function withFile(source: string, use: (file: string, folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'tejun-edit-'));
  try {
    const file = join(folder, 'page.mdx');
    writeFileSync(file, source);
    use(file, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const step = '```sh step=a\ncat list\n```\n';

describe('a fence’s new body', () => {
  const cases: readonly (readonly [string, string, readonly string[], string])[] = [
    ['stands as it came', '```expect\none\n```\n', ['two', '', 'three'], '```expect\ntwo\n\nthree\n```\n'],
    [
      'lengthens the fence that it would end',
      '```expect\none\n```\n',
      ['a', '```', 'b'],
      '````expect\na\n```\nb\n````\n',
    ],
    ['lengthens it beyond the longest', '```expect\none\n```\n', ['  `````sh'], '``````expect\n  `````sh\n``````\n'],
    ['lengthens a fence of tildes', '~~~expect\none\n~~~\n', ['~~~~', '`````'], '~~~~~expect\n~~~~\n`````\n~~~~~\n'],
    ['leaves a fence that is long enough', '`````expect\none\n`````\n', ['````'], '`````expect\n````\n`````\n'],
    ['lengthens a fence whose end is longer', '```expect\none\n`````\n', ['```'], '````expect\n```\n``````\n'],
    [
      'stands in a quote',
      '> ```expect\n> one\n> ```\n',
      ['two', '', '> three'],
      '> ```expect\n> two\n>\n> > three\n> ```\n',
    ],
    ['stands in a quote in a list', '- > ```expect\n  > one\n  > ```\n', ['two'], '- > ```expect\n  > two\n  > ```\n'],
    [
      'stands in a list in a quote',
      '> 1. ```expect\n>    one\n>    ```\n',
      ['  two'],
      '> 1. ```expect\n>      two\n>    ```\n',
    ],
    ['lengthens a fence in a quote', '> ```expect\n> one\n> ```\n', ['```'], '> ````expect\n> ```\n> ````\n'],
    [
      'stands in a quote without blanks',
      '>```expect\n>one\n>```\n',
      [' two', '', 'three'],
      '>```expect\n>  two\n>\n> three\n>```\n',
    ],
    ['stands in a quote in a quote', '> >```expect\n>> one\n>>```\n', ['  two'], '> >```expect\n> >   two\n>>```\n'],
    ['stands in an item of tabs', '-\t```expect\n\tone\n\t```\n', ['', '\ttwo'], '-\t```expect\n\n \t\ttwo\n\t```\n'],
    [
      'keeps the lines of Windows',
      '```expect\r\none\r\n```\r\n',
      ['two', 'three'],
      '```expect\r\ntwo\r\nthree\r\n```\r\n',
    ],
  ];
  for (const [name, before, lines, after] of cases)
    it(name, () => {
      const source = `${before.includes('\r') ? step.replaceAll('\n', '\r\n') : step}\n${before}\nText.\n`;
      const [body] = bodiesOf(source);
      assert.ok(body);
      withFile(source, (file) => {
        editDocument(file, [{ body, lines }]);
        assert.equal(readFileSync(file, 'utf8'), source.replace(before, after));
      });
      const edited = source.replace(before, after);
      const [again] = bodiesOf(edited);
      assert.ok(again);
      assert.deepEqual(bodyOf('page.mdx', edited, again), lines);
    });

  it('is one of several, each in its place', () => {
    const other = step.replace('step=a', 'step=b');
    const source = `${step}\n\`\`\`expect\none\n\`\`\`\n\n${other}\n\`\`\`expect\none\n\`\`\`\n`;
    const [first, second] = bodiesOf(source);
    assert.ok(first && second);
    withFile(source, (file) => {
      editDocument(file, [
        { body: first, lines: ['```'] },
        { body: second, lines: [] },
      ]);
      assert.equal(
        readFileSync(file, 'utf8'),
        `${step}\n\`\`\`\`expect\n\`\`\`\n\`\`\`\`\n\n${other}\n\`\`\`expect\n\`\`\`\n`,
      );
    });
  });
});

describe('lines of a quote are read', () => {
  for (const [name, line, read] of [
    ['without a blank', '>one', 'one'],
    ['with blanks before', '  > one', 'one'],
    ['as an empty line', '>', ''],
    ['with its own blanks', '>   one', '  one'],
    ['with a tab', '>\tone', '  one'],
  ] as const)
    it(name, () => {
      const source = `> ${step.replaceAll('\n', '\n> ')}\n> \`\`\`expect\n${line}\n> \`\`\`\n`.replace('> \n', '>\n');
      const [body] = bodiesOf(source);
      assert.ok(body);
      assert.deepEqual(bodyOf('page.mdx', source, body), [read]);
    });
});

it('lines of an item of a list are read with the columns of their tabs', () => {
  const source = '- ```sh step=a\n  true\n  ```\n\n  ```expect\n\tone\n  two\n  ```\n';
  const [body] = bodiesOf(source);
  assert.ok(body);
  assert.deepEqual(bodyOf('page.mdx', source, body), ['  one', 'two']);
});

describe('the file of an edited document', () => {
  const source = `${step}\n\`\`\`expect\none\n\`\`\`\n`;

  it('keeps its rights, whatever the mask', () => {
    const [body] = bodiesOf(source);
    assert.ok(body);
    withFile(source, (file, folder) => {
      chmodSync(file, 0o664);
      const mask = process.umask(0o077);
      try {
        editDocument(file, [{ body, lines: ['two'] }]);
      } finally {
        process.umask(mask);
      }
      assert.equal(statSync(file).mode & 0o7777, 0o664);
      assert.deepEqual(readdirSync(folder), ['page.mdx']);
    });
  });

  it('is the one that a symbolic link leads to, and the link stays', () => {
    const [body] = bodiesOf(source);
    assert.ok(body);
    withFile(source, (file, folder) => {
      const link = join(folder, 'link.mdx');
      symlinkSync('page.mdx', link);
      editDocument(link, [{ body, lines: ['two'] }]);
      assert.ok(lstatSync(link).isSymbolicLink());
      assert.equal(readFileSync(file, 'utf8'), source.replace('one', 'two'));
    });
  });

  it('stays as it is when the change would be read otherwise', () => {
    const [body] = bodiesOf(source);
    assert.ok(body);
    withFile(source, (file) => {
      assert.throws(
        () => editDocument(file, [{ body: { ...body, end: body.end + 4 }, lines: ['two'] }]),
        /left as it is/,
      );
      assert.equal(readFileSync(file, 'utf8'), source);
    });
  });
});
