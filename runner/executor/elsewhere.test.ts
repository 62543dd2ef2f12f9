import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunState } from '../../core/run/state.ts';
import { extractRunbook } from '../../core/runbook/extract.ts';
import { executeHere } from '../../test/execution.ts';

const run = (page: string): Promise<RunState> => {
  const { runbook, problems } = extractRunbook(page.replaceAll('~', '`'), { file: 'page.mdx', id: 'page' });
  assert.deepEqual(problems, []);
  return executeHere(runbook);
};
const shown = ({ steps }: RunState): readonly string[] =>
  steps.map(({ outcome }) => `${outcome?.verdict}: ${outcome?.reason ?? ''}`);

test('a step for other hosts is passed over, what follows runs, and the run can pass', async () => {
  const state = await run(
    '~~~sh step=there only=windows>=10\nfalse\n~~~\n\n~~~sh step=not-here only=os!=linux\nfalse\n~~~\n\n~~~sh step=here only=os=linux\ntrue\n~~~\n',
  );
  assert.deepEqual(shown(state), [
    'skipped: only for hosts with windows>=10; this one has no fact windows',
    'skipped: only for hosts with os!=linux; this one has os=linux',
    'passed: ',
  ]);
  assert.equal(state.verdict, 'passed');
});

test('a run without steps for its hosts has shown nothing', async () => {
  assert.equal((await run('~~~sh step=there only=os=windows\ntrue\n~~~\n')).verdict, 'skipped');
});

test('what a step for other hosts would have captured is missed', async () => {
  const state = await run(
    '~~~sh step=there only=os=windows\necho 1\n~~~\n\n~~~expect\n{{a:int}}\n~~~\n\n~~~sh step=uses\necho {{a}}\n~~~\n',
  );
  assert.equal(state.steps[1]?.outcome?.verdict, 'errored');
  assert.equal(state.verdict, 'errored');
});

test('a step that fails is not made good by one for other hosts', async () => {
  const state = await run('~~~sh step=fails\nfalse\n~~~\n\n~~~sh step=there only=os=windows\ntrue\n~~~\n');
  assert.equal(state.verdict, 'failed');
});
