import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { extractRunbook } from '../../core/runbook/extract.ts';
import { hashOf } from '../../core/runbook/step-hash.ts';

const docs = join(import.meta.dirname, '..', '..', 'content', 'docs');

function stepsOf(page: string): readonly (readonly [string, string])[] {
  const source = readFileSync(join(docs, page), 'utf8');
  const { runbook, problems } = extractRunbook(source, { file: page, id: page });
  assert.deepEqual(problems, []);
  return runbook.steps.map((step) => [step.id, hashOf(step)]);
}

const pages = globSync('ja/**/*.mdx', { cwd: docs });

// Only then is what was recorded of one true of the other.
for (const page of pages)
  test(`${page} has the very steps of the English page`, () => {
    assert.deepEqual(stepsOf(page), stepsOf(page.replace(/^ja./, '')));
  });

test('there are Japanese pages with steps', () => {
  assert.ok(pages.flatMap(stepsOf).length > 30);
});
