import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Evidence, Finding, FindingStatus } from './model.ts';
import { statusOf } from './status.ts';

const text = { en: 'a', ja: 'a' };
const finding = (...needs: Finding['needs']): Finding => ({
  id: 'F1',
  section: '1',
  claim: text,
  needs,
  unchecked: undefined,
});
const step = (system: string, result: Evidence['result'], kind: Evidence['kind'] = 'shows'): Evidence => ({
  kind,
  runbook: 'page',
  step: 'step',
  lab: system,
  system,
  result,
});

const cases: readonly [string, Finding, readonly Evidence[], FindingStatus][] = [
  ['nothing was run', finding(), [], 'reported'],
  ['nothing but steps that were left out', finding(), [step('linux', 'skipped'), step('linux', 'missing')], 'reported'],
  ['a step that is for other hosts', finding(), [step('linux', 'passed'), step('linux', 'elsewhere')], 'reproduced'],
  ['only steps for other hosts', finding(), [step('linux', 'elsewhere')], 'reported'],
  ['any system will do', finding(), [step('linux', 'passed')], 'reproduced'],
  ['the system that it needs', finding('windows'), [step('windows', 'passed')], 'reproduced'],
  ['another system than it needs', finding('windows'), [step('linux', 'passed')], 'partly'],
  ['one of two systems', finding('linux', 'windows'), [step('linux', 'passed')], 'partly'],
  ['both systems', finding('linux', 'windows'), [step('linux', 'passed'), step('windows', 'passed')], 'reproduced'],
  ['a step that failed among others', finding(), [step('linux', 'passed'), step('linux', 'failed')], 'not-confirmed'],
  ['a step that could not be executed', finding(), [step('linux', 'errored')], 'not-confirmed'],
  ['a step that was edited since', finding(), [step('linux', 'passed'), step('linux', 'stale')], 'not-confirmed'],
  ['a step that came later', finding(), [step('linux', 'passed'), step('linux', 'missing')], 'not-confirmed'],
  ['a step after one that failed', finding(), [step('linux', 'passed'), step('linux', 'skipped')], 'not-confirmed'],
  ['otherwise today', finding(), [step('linux', 'passed'), step('linux', 'passed', 'changed')], 'changed'],
  ['only otherwise', finding('windows'), [step('linux', 'passed', 'changed')], 'changed'],
  [
    'otherwise, but it failed',
    finding(),
    [step('linux', 'passed'), step('linux', 'failed', 'changed')],
    'not-confirmed',
  ],
  [
    'otherwise, and not where it was claimed',
    finding('windows'),
    [step('linux', 'passed'), step('linux', 'passed', 'changed')],
    'partly',
  ],
];
for (const [name, claim, evidence, expected] of cases)
  test(name, () => assert.equal(statusOf(claim, evidence), expected));
