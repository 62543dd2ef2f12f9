import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LabView, RunView, StepView } from '../../core/protocol/server-message.ts';
import type { Verdict } from '../../core/run/model.ts';
import { trialOutcome } from '../../core/run/outcome-trial.ts';
import { afterMessage, labOf, silentPage } from './page-state.ts';
import { summarise } from './run-summary.ts';

const lab = (name: string, busy?: string): LabView => ({
  lab: name,
  title: name,
  hosts: [],
  checkpoints: ['ready'],
  disposable: true,
  typing: true,
  busy,
  topology: false,
  instance: undefined,
  offered: {},
  chosen: {},
});

const run = (labName: string, runbook = 'page'): RunView => ({
  runbook,
  lab: labName,
  status: 'idle',
  detail: undefined,
  verdict: undefined,
  interrupted: undefined,
  captures: {},
});

const step = (id: string, verdict?: Verdict, hash = 'h'): StepView => ({
  step: id,
  hash,
  status: verdict ? 'done' : 'running',
  host: 'postgres1',
  command: 'true',
  attempt: 1,
  elapsedMs: 5,
  diff: undefined,
  output: '',
  outcome: verdict && trialOutcome({ step: id, verdict, end: undefined, durationMs: 5 }),
  place: undefined,
});

const welcome = (chosen: string) =>
  ({ kind: 'welcome', version: 1, labs: [lab('linux'), lab('other')], lab: chosen }) as const;

test('results survive a lost connection, but not the choice of another lab', () => {
  const greeted = afterMessage(silentPage('page'), welcome('linux'));
  const known = afterMessage(greeted, { kind: 'step', runbook: 'page', lab: 'linux', view: step('a', 'passed') });
  assert.equal(afterMessage(known, welcome('linux')).steps.size, 1);
  assert.equal(afterMessage(known, welcome('other')).steps.size, 0);
});

test('what belongs to another page or another lab changes nothing', () => {
  const greeted = afterMessage(silentPage('page'), welcome('linux'));
  for (const message of [
    { kind: 'step', runbook: 'another', lab: 'linux', view: step('a', 'passed') },
    { kind: 'step', runbook: 'page', lab: 'other', view: step('a', 'passed') },
    { kind: 'run', view: run('other') },
    { kind: 'run', view: run('linux', 'another') },
    { kind: 'done', request: 1 },
  ] as const) {
    assert.equal(afterMessage(greeted, message), greeted);
  }
});

test('a newer view of a lab takes the place of the older one', () => {
  const greeted = afterMessage(silentPage('page'), welcome('linux'));
  const busy = afterMessage(greeted, { kind: 'lab', view: lab('linux', 'coming up') });
  assert.equal(labOf(busy)?.busy, 'coming up');
  assert.deepEqual(
    busy.labs.map((view) => view.lab),
    ['linux', 'other'],
  );
});

test('the summary counts what this page shows, and finds its first failure in the order of the page', () => {
  const page = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => ({ id, hash: 'h' }));
  const views = new Map(
    [
      step('f', 'failed'),
      step('a', 'passed'),
      step('b', 'passed', 'older'),
      step('c', 'skipped'),
      step('d', 'timed-out'),
      step('e'),
    ].map((view) => [view.step, view]),
  );
  assert.deepEqual(summarise(page, views), {
    all: 6,
    passed: 1,
    failed: 2,
    errored: 0,
    skipped: 1,
    done: 4,
    firstFailed: 'd',
  });
});
