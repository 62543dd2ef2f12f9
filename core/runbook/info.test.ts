import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { extractRunbook } from './extract.ts';
import { parseInfo } from './info.ts';

describe('values of attributes are read as Markdown reads an info string', () => {
  const values: readonly (readonly [string, string])[] = [
    ['"Removes C:\\Data"', 'Removes C:\\Data'],
    ['"Removes C:\\\\Data"', 'Removes C:\\Data'],
    ['"Removes C:\\_old"', 'Removes C:_old'],
    ['"deletes \\"all\\""', 'deletes "all"'],
    ['"a &amp; b &lt;c&gt; &#x41; &nothing;"', 'a & b <c> A &nothing;'],
    ['"100\\% of \\é"', '100% of \\é'],
    ['C:\\Data', 'C:\\Data'],
    ['a&amp;b', 'a&b'],
  ];
  for (const [written, value] of values)
    it(written, () => {
      const info = `sh step=a danger=${written} background`;
      const { attributes, broken } = parseInfo(info);
      assert.equal(broken, undefined);
      assert.deepEqual(
        attributes.map((attribute) => [attribute.key, attribute.value]),
        [
          ['step', 'a'],
          ['danger', value],
          ['background', undefined],
        ],
      );
      // What the page is made of says the same.
      const [code] = fromMarkdown(`\`\`\`${info}\ntrue\n\`\`\`\n`).children;
      assert.ok(code?.type === 'code' && code.meta?.includes(value));
    });

  for (const info of ['sh step\\=a', 'sh s&#116;ep=a', 'sh st&#x65;p&equals;a'])
    it(`so what it reads as a step is not passed over: ${info}`, () => {
      const { problems } = extractRunbook(`\`\`\`${info}\ntrue\n\`\`\`\n`, { file: 'page.mdx', id: 'page' });
      assert.deepEqual(
        problems.map(({ line, what }) => [line, what]),
        [[1, `cannot read the attribute \`${info.slice(3)}\``]],
      );
    });

  it('but what is between quotes stays there', () => {
    const { problems } = extractRunbook('```js title="a \\" step=b"\n1\n```\n', { file: 'page.mdx', id: 'page' });
    assert.deepEqual(problems, []);
  });

  it('the language, too', () => {
    assert.equal(parseInfo('c\\+\\+ step=a').language, 'c++');
  });
});
