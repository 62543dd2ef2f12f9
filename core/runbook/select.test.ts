import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extractRunbook } from './extract.ts';
import type { Facts, Step } from './model.ts';
import { select } from './select.ts';

const stepOf = (...fences: readonly string[]): Step => {
  const source = fences.map((fence) => `\`\`\`${fence}\n\`\`\`\n`).join('\n');
  const { runbook, problems } = extractRunbook(source, { file: 'page.mdx', id: 'page' });
  assert.deepEqual(problems, []);
  assert.ok(runbook.steps[0]);
  return runbook.steps[0];
};
const chosen = (step: Step, facts: Facts): string => {
  const selection = select(step, facts);
  if (selection.kind === 'problem') return selection.reason;
  const { command, expectation } = selection;
  return `${command.text} → ${expectation?.expectation.kind === 'text' ? expectation.expectation.lines[0]?.text : 'exit code'}`;
};

test('a language means its shell as soon as there are several', () => {
  const step = stepOf('sh step=a\nls', 'bat step=a\ndir', 'powershell step=a\ngci');
  assert.equal(chosen(step, { shell: 'bash' }), 'ls → exit code');
  assert.equal(chosen(step, { shell: 'cmd' }), 'dir → exit code');
  assert.equal(chosen(step, { shell: 'powershell' }), 'gci → exit code');
  assert.match(chosen(step, { shell: 'fish' }), /^step a: command: no variant applies to this host/);
  assert.match(chosen(step, {}), /^step a: command in line 1 depends on the fact shell, which this host does not have/);
});

test('a batch file alone never goes to bash, a lone sh needs no fact', () => {
  assert.match(chosen(stepOf('bat step=a\ndir'), { os: 'linux', shell: 'bash' }), /no variant applies/);
  assert.equal(chosen(stepOf('sh step=a\nls'), {}), 'ls → exit code');
});

test('Windows runs bat and powershell, and its shell decides where a step has both', () => {
  const [cmd, powershell] = [
    { os: 'windows', shell: 'cmd' },
    { os: 'windows', shell: 'powershell' },
  ];
  const alone = stepOf('powershell step=a\ngci');
  const either = stepOf('sh step=a\nls', 'bat step=a\ndir');
  const both = stepOf('bat step=a\ndir', 'powershell step=a\ngci');
  for (const facts of [cmd, powershell]) {
    assert.equal(chosen(alone, facts), 'gci → exit code');
    assert.equal(chosen(either, facts), 'dir → exit code');
  }
  assert.equal(chosen(either, { os: 'linux', shell: 'bash' }), 'ls → exit code');
  assert.equal(chosen(both, cmd), 'dir → exit code');
  assert.equal(chosen(both, powershell), 'gci → exit code');
});

test('one expectation of several applies, or the host is told to have none', () => {
  const step = stepOf('sh step=a\nls', 'expect when=pg>=12\nnew', 'expect when=pg<12\nold');
  assert.equal(chosen(step, { pg: '15' }), 'ls → new');
  assert.equal(chosen(step, { pg: '9.6' }), 'ls → old');
  assert.match(chosen(step, { os: 'linux' }), /^step a: expectation in line 5 depends on the fact pg/);
  const gap = stepOf('sh step=a\nls', 'expect when=pg>=13\nnew', 'expect when=pg<12\nold');
  assert.equal(
    chosen(gap, { pg: '12' }),
    'step a: expectation: no variant applies to this host (there are `pg>=13`, `pg<12`)',
  );
});

test('what the page could not know to overlap is found on the host', () => {
  const step = stepOf('sh step=a\nls', 'expect when=pg>=12\n1', 'expect when=os=linux\n2');
  assert.equal(chosen(step, { pg: '11', os: 'linux' }), 'ls → 2');
  assert.equal(
    chosen(step, { pg: '12', os: 'linux' }),
    'step a: expectation: the variants in lines 5 and 9 both apply to this host',
  );
});
