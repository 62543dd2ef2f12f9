import assert from 'node:assert/strict';
import { it } from 'node:test';
import { extractRunbook } from './extract.ts';

function read(...expectations: readonly string[]) {
  const source = expectations
    .map((text, index) => `\`\`\`sh step=s${index}\ntrue\n\`\`\`\n\n\`\`\`expect\n${text}\n\`\`\`\n`)
    .join('\n');
  return extractRunbook(source, { file: 'page.mdx', id: 'page' }).problems.map(({ line, what }) => `${line}: ${what}`);
}

it('a capture may be called like a type that it is of', () => {
  assert.deepEqual(read('{{{pid:int}}}', '{{lsn:lsn}} {{number:pid}}'), []);
});

it('but not like another', () => {
  assert.deepEqual(read('{{pid:word}}'), ['6: `pid` is a type and cannot name a capture']);
});

it('where one is, the type cannot be meant besides', () => {
  const told = '`{{pid}}` is the type here, though this page captures a value that is called `pid`';
  assert.deepEqual(read('{{pid:int}}', '{{pid}} {{int}}'), [`13: ${told}`]);
  assert.deepEqual(read('{{pid}}', '{{pid:int}}'), [`5: ${told}`]);
});
