import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trialOutcome } from '../run/outcome-trial.ts';
import { emptyRun, type RunState } from '../run/state.ts';
import { hostAsChosen } from '../runbook/facts.ts';
import { createHiding } from './hide-values.ts';
import { formatVerification, makeVerification, parseVerification, verificationFile } from './verification.ts';

const hash = (digit: string): string => digit.repeat(64);
const state: RunState = {
  ...emptyRun,
  runbook: 'a/b',
  lab: 'windows',
  date: '2026-11-23T05:00:01.500Z',
  facts: { pg: { pg: '18', pg_version: '18.4', hostname: 'alice' } },
  chosen: { pg: '18' },
  steps: [
    { id: 'one', hash: hash('1'), status: 'done', outcome: trialOutcome({ step: 'one' }), taken: undefined },
    {
      id: 'two',
      hash: hash('2'),
      status: 'done',
      outcome: trialOutcome({ step: 'two', verdict: 'skipped', elsewhere: true }),
      taken: undefined,
    },
  ],
  verdict: 'passed',
};

const place = {
  file: 'content/recordings/a/b/windows/verified-pg=18.json',
  name: 'verified-pg=18.json',
  runbook: 'a/b',
  lab: 'windows',
};

test('a verification comes back from its file as it was, with nothing in it that is hidden', () => {
  const hiding = createHiding([
    { value: 'alice', shown: '‹host›', where: 'anywhere' },
    { value: '18', shown: '‹size›', where: 'word' },
  ]);
  const made = makeVerification(state, hiding);
  assert.deepEqual([made.passed, made.elsewhere], [{ one: hash('1') }, { two: hash('2') }]);
  const text = formatVerification(made);
  assert.doesNotMatch(text, /alice/);
  assert.deepEqual(parseVerification(text, place), { verification: made });
  assert.equal(verificationFile({ pg: '18' }), place.name);
  assert.equal(verificationFile({ lang: 'ja/JP', pg: '18' }), 'verified-lang=ja%2FJP%20pg=18.json');
});

test('a run that did not pass makes none', () => {
  assert.throws(() => makeVerification({ ...state, verdict: 'failed' }, createHiding([])), /did not pass/);
});

test('a file that says something else than its place is refused, with the way to mend it', () => {
  const made = makeVerification(state, createHiding([]));
  const wrong = (text: string, more: Partial<typeof place> = {}): string => {
    const read = parseVerification(text, { ...place, ...more });
    return 'problem' in read ? `${read.problem.what}; ${read.problem.hint}` : 'nothing';
  };
  const text = formatVerification(made);
  assert.match(wrong('{'), /not JSON.*record a\/b --lab windows --fact pg=18`, or remove it/);
  assert.match(wrong(text.replace('"passed"', '"past"')), /passed/);
  assert.match(wrong(text, { name: 'verified-pg=17.json' }), /is of pg=18 and would be called verified-pg=18.json/);
  assert.match(wrong(text, { runbook: 'a/c' }), /is of the runbook a\/b/);
  assert.match(wrong(text.replace(hash('1'), 'abc')), /64 hex digits/);
  const copied = text.replace('"chosen": {\n    "pg": "18"', '"chosen": {\n    "pg": "17"');
  assert.match(wrong(copied, { name: 'verified-pg=17.json' }), /none of its hosts had pg=17/);
  const none = text.replace('"pg": "18"\n  },\n  "date"', '},\n  "date"');
  assert.match(wrong(none, { name: 'verified-.json' }), /nothing was chosen in it.*; remove it$/);
  assert.match(wrong(text, { name: 'verified-100%.json' }), /would be called verified-pg=18.json; remove it$/);
});

test('what was verified is what the hosts that are as chosen have', () => {
  const made = makeVerification(
    { ...state, facts: { pool: { pg: '15' }, one: { pg: '18' }, two: { pg: '18' } } },
    createHiding([]),
  );
  assert.deepEqual(
    [undefined, 'pool', 'two'].map((host) => hostAsChosen(made, host)),
    ['one', 'one', 'two'],
  );
});
