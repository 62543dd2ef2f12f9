import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseFindings } from './finding/parse.ts';
import { formatProblem } from './problem.ts';
import { extractRunbook } from './runbook/extract.ts';
import { readSourceText } from './source-text.ts';

describe('the bytes of a file', () => {
  for (const text of [
    '',
    'ok\n',
    '\uFEFFtitle\r\n',
    '手順 é 😀\n',
    '\x1b[1m$B\x1b(B\n',
    '\uD7FF\uE000\uFFFD\u{10FFFF}',
  ])
    it(`are read as UTF-8: ${JSON.stringify(text)}`, () => {
      assert.deepEqual(readSourceText(Buffer.from(text), 'page.mdx'), { kind: 'text', text });
    });

  const strays: readonly (readonly [string, readonly number[], string])[] = [
    ['CP932', [0x6f, 0x6b, 0x0a, 0x78, 0x8e, 0xe8], '2:2: the byte 0x8e at offset 4 is no UTF-8'],
    ['EUC-JP', [0xbc, 0xea], '1:1: the byte 0xbc at offset 0 is no UTF-8'],
    ['Latin-1', [0x5a, 0x6f, 0xeb, 0x0a], '1:3: the byte 0xeb at offset 2 is no UTF-8'],
    [
      'UTF-16 with a mark',
      [0xff, 0xfe, 0x61, 0x00],
      '1:1: the byte 0xff at offset 0 is no UTF-8: the file is UTF-16LE',
    ],
    [
      'UTF-16, the other order',
      [0xfe, 0xff, 0x00, 0x61],
      '1:1: the byte 0xfe at offset 0 is no UTF-8: the file is UTF-16BE',
    ],
    ['UTF-16 without a mark', [0x61, 0x00], '1:2: the byte 0x00 at offset 1 is NUL, which no text has'],
    [
      'ISO-2022-JP',
      [0x61, 0x0a, 0x1b, 0x24, 0x42, 0x3c, 0x6a, 0x1b, 0x28, 0x42],
      '2:1: the byte 0x1b at offset 2 begins Japanese in ISO-2022-JP, not in UTF-8',
    ],
    ['a character that is cut', [0x61, 0xe6, 0x89], '1:2: the byte 0xe6 at offset 1 is no UTF-8'],
    ['a form that is too long', [0xc0, 0xaf], '1:1: the byte 0xc0 at offset 0 is no UTF-8'],
    ['a form that is too long by its second byte', [0xe0, 0x80, 0xaf], '1:1: the byte 0xe0 at offset 0 is no UTF-8'],
    ['half of a pair', [0xed, 0xa0, 0x80], '1:1: the byte 0xed at offset 0 is no UTF-8'],
    ['what is beyond Unicode', [0xf4, 0x90, 0x80, 0x80], '1:1: the byte 0xf4 at offset 0 is no UTF-8'],
    [
      'after a byte order mark',
      [0xef, 0xbb, 0xbf, 0x0d, 0x0d, 0x0a, 0xff],
      '3:1: the byte 0xff at offset 6 is no UTF-8',
    ],
  ];
  for (const [name, bytes, told] of strays)
    it(`are no text: ${name}`, () => {
      const read = readSourceText(Uint8Array.from(bytes), 'page.mdx');
      assert.equal(read.kind === 'no-text' && formatProblem(read.problem).split('\n')[0], `page.mdx:${told}`);
    });
});

const stray = Buffer.from('# Zo\xeb\n\n```sh step=a\ntrue\n```\n', 'latin1');

it('a page that is no text has this one problem, and no steps', () => {
  const { runbook, problems } = extractRunbook(stray, { file: 'docs/page.mdx', id: 'page' });
  assert.deepEqual(
    problems.map(({ file, line, column }) => [file, line, column]),
    [['docs/page.mdx', 1, 5]],
  );
  assert.deepEqual(runbook.steps, []);
});

it('a document that a page shows is read in the same way', () => {
  const page = 'import Steps from "./_steps.mdx"\n\n<Steps />\n';
  const { problems } = extractRunbook(page, {
    file: 'docs/page.mdx',
    id: 'page',
    read: (path) => (path === 'docs/_steps.mdx' ? stray : undefined),
  });
  assert.deepEqual(
    problems.map(({ file, line, column }) => [file, line, column]),
    [['docs/_steps.mdx', 1, 5]],
  );
});

it('the file of findings is read in the same way', () => {
  const { problems } = parseFindings(Buffer.from('F1: Zo\xeb\n', 'latin1'), 'findings.yaml');
  assert.deepEqual(
    problems.map(({ file, line, column }) => [file, line, column]),
    [['findings.yaml', 1, 7]],
  );
});
