import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { extractRunbook } from '../../core/runbook/extract.ts';
import { parseVariables, variablesOf } from '../runbooks/values.ts';
import { BatchFolder } from './batch.ts';

test('a variable may have the name of anything that an object has, from the page to a resumed run', () => {
  const page =
    '---\ntejun:\n  vars: {__proto__: "1", constructor: "2", plain: "3"}\n---\n\n```sh step=a\necho {{__proto__}}\n```\n';
  const { runbook, problems } = extractRunbook(page, { file: 'names.mdx', id: 'names' });
  assert.deepEqual(problems, []);
  const given = parseVariables(['__proto__=7'], [runbook]);
  const variables = variablesOf(runbook, given, {});
  const wanted = [
    ['__proto__', '7'],
    ['constructor', '2'],
    ['plain', '3'],
  ];
  assert.deepEqual(Object.entries(variables), wanted);

  const runs = mkdtempSync(join(tmpdir(), 'tejun-batch-'));
  try {
    BatchFolder.create(runs, 'one', { version: 1, date: '2026-12-01T00:00:00Z', runbooks: [], variables });
    const [found] = [...BatchFolder.all(runs)];
    assert.deepEqual(Object.entries(found?.batch.variables ?? {}), wanted);
  } finally {
    rmSync(runs, { recursive: true });
  }
});
