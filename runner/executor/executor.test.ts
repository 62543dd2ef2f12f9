import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'node:test';
import { extractRunbook } from '../../core/runbook/extract.ts';
import { executeHere } from '../../test/execution.ts';

// Each page in fixtures/ is executed in a real shell; beside it stand the verdict and reason of each step.

for (const file of globSync(`${import.meta.dirname}/fixtures/*.mdx`).sort()) {
  test(basename(file, '.mdx'), async () => {
    const { runbook, problems } = extractRunbook(readFileSync(file, 'utf8'), { file, id: basename(file, '.mdx') });
    assert.deepEqual(problems, []);
    const { steps, verdict } = await executeHere(runbook);
    const wanted = readFileSync(file.replace(/mdx$/, 'outcomes'), 'utf8').trimEnd().split('\n');
    assert.deepEqual(
      steps.map(({ id }) => id),
      wanted.map((line) => line.split(' ')[0]),
    );
    for (const [index, line] of wanted.entries()) {
      const [id, expected, ...reason] = line.split(' ');
      const outcome = steps[index]?.outcome;
      assert.equal(outcome?.verdict, expected, `${id}: ${outcome?.reason}\n${outcome?.output.slice(0, 500)}`);
      assert.match(outcome?.reason ?? '', new RegExp(reason.join(' ')), id);
      if (expected === 'passed') assert.equal(outcome?.reason, undefined);
    }
    assert.equal(
      verdict === 'passed',
      wanted.every((line) => line.split(' ')[1] === 'passed'),
    );
  });
}

test('a secret is neither logged nor told, and still compared', async () => {
  const page = '```sh step=secret\necho correct-horse\n```\n\n```expect\ncorrect-horse\n```\n';
  const { runbook } = extractRunbook(page, { file: 'secret.mdx', id: 'secret' });
  const told: string[] = [];
  const state = await executeHere(runbook, {
    secrets: ['correct-horse'],
    onEvent: (event) => told.push(JSON.stringify(event)),
  });
  assert.equal(state.verdict, 'passed');
  assert.ok(told.some((event) => event.includes('‹secret›')));
  assert.ok(!told.join().includes('correct-horse'));
});
