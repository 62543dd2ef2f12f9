import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Outcome, RunEvent } from '../run/model.ts';
import { trialOutcome } from '../run/outcome-trial.ts';
import type { Topology } from '../topology/model.ts';
import { formatRecording } from './format.ts';
import { createHiding, type HiddenValue } from './hide-values.ts';
import { type MadeRecording, makeRecording } from './make-recording.ts';
import type { Recording } from './model.ts';
import { parseRecording } from './parse.ts';
import { stalenessOf } from './staleness.ts';

const hash = (digit: string): string => digit.repeat(64);
const place = { file: 'content/recordings/a/b/linux/recording.json', runbook: 'a/b', lab: 'linux' };

/** A server of its own; a redacted text stays where it stood, and hosts keep their names. */
const topology: Topology = {
  at: '2026-11-23T05:00:01.500Z',
  servers: [
    {
      host: 'pg',
      address: 'hunter22',
      view: {
        kind: 'primary',
        timeline: 1,
        lsn: '0/3000060',
        senders: [{ host: 'other', name: 'alice', state: 'streaming', sync: 'async', lag: 0 }],
      },
    },
    { host: 'other', view: { kind: 'down', why: 'nobody listens' } },
  ],
  pools: [
    {
      host: 'pool',
      view: {
        kind: 'up',
        nodes: [{ host: 'other', node: 1, hostname: 'hunter22', port: '5432', status: 'down', role: 'standby' }],
      },
    },
  ],
};

const outcome = (step: string, more: Partial<Outcome> = {}): Outcome =>
  trialOutcome({ step, host: 'pg', captures: { xid: '7' }, durationMs: 12.3456, ...more });

/** A run in which every kind of end and of diff row is, and text that hides in editors. */
const outcomes: readonly Outcome[] = [
  outcome('one', {
    command: 'echo hunter22 at alice',
    output: 'a\u202eb \u200b \udc9b hunter22',
    diff: {
      kind: 'text',
      rows: [
        { kind: 'matched', expected: 0, text: 'a', actual: 'a', line: 1 },
        { kind: 'elided', expected: 1, count: 3, why: 'ellipsis' },
        { kind: 'elided', count: 3, why: 'long' },
        { kind: 'unexpected', actual: 'alice', line: 5 },
        { kind: 'missing', expected: 2, text: 'hunter22' },
      ],
    },
  }),
  outcome('two', {
    verdict: 'failed',
    reason: 'hunter22 came',
    hints: ['not hunter22'],
    diff: {
      kind: 'table',
      columns: ['a', 'b'],
      rows: [
        {
          kind: 'differs',
          expected: 0,
          line: 3,
          cells: [{ column: 'a', expected: '1', actual: 'hunter22', same: false }],
        },
      ],
    },
  }),
  outcome('three', {
    topology,
    end: { kind: 'shell-exited', code: undefined },
    diff: { kind: 'json', rows: [], problem: 'no' },
  }),
  outcome('four', { topologyProblem: 'hunter22 is no database', end: { kind: 'timed-out', afterMs: 60_000 } }),
  outcome('five', { end: { kind: 'waits-for-input', program: 'cat' } }),
  outcome('six', { end: { kind: 'disconnected', why: 'gone' } }),
  outcome('seven', { end: { kind: 'stopped' } }),
  outcome('eight', { verdict: 'skipped', end: undefined, attempts: 0 }),
];

const events: readonly RunEvent[] = [
  {
    kind: 'run-started',
    at: 0,
    version: 1,
    run: 'r',
    runbook: 'a/b',
    file: 'f',
    title: 'Alice in hunter22',
    lab: 'linux',
    instance: 'i',
    date: '2026-11-23T05:00:00.500Z',
    facts: { pg: { user: 'alice', pg_version: '15.18' } },
    steps: outcomes.map(({ step }) => ({ id: step, hash: hash('a') })),
  },
  ...outcomes.flatMap((each, index): RunEvent[] => {
    const { step, command } = each;
    const at = (index + 1) * 1000;
    const ended: RunEvent = { kind: 'step-ended', at: at + 12.6, outcome: each };
    if (each.verdict === 'skipped') return [ended];
    return [
      { kind: 'step-started', at: at + 0.4, step, host: 'pg', command, attempt: 1, session: 's', sequence: index },
      { kind: 'output', at: at + 3, step, data: each.output },
      ended,
    ];
  }),
  { kind: 'run-ended', at: 9000.7, verdict: 'failed' },
];
const hidden: readonly HiddenValue[] = [
  { value: 'hunter22', shown: '‹secret›', where: 'anywhere' },
  { value: 'alice', shown: '‹user›', where: 'word' },
];

async function made(log = events): Promise<MadeRecording> {
  const result = await makeRecording(log, createHiding(hidden));
  if ('problem' in result) assert.fail(result.problem);
  return result;
}

async function recorded(): Promise<Recording> {
  return { ...(await made()).recording, casts: { pg: 'pg-0123abcd.cast' } };
}

suite('a recording', () => {
  test('has what the run had, in whole milliseconds, without what has to be hidden', async () => {
    const { recording, casts } = await made();
    const { steps, ...rest } = recording;
    assert.deepEqual(rest, {
      version: 1,
      runbook: 'a/b',
      lab: 'linux',
      date: '2026-11-23T05:00:00.500Z',
      durationMs: 9001,
      verdict: 'failed',
      hosts: { pg: { user: '‹user›', pg_version: '15.18' } },
    });
    assert.deepEqual(
      steps.map(({ step, at, durationMs }) => [step, at, durationMs]),
      outcomes.map(({ step }, index) => [step, (index + 1) * 1000 + (step === 'eight' ? 13 : 0), 12]),
    );
    const text = formatRecording({ ...recording, casts: {} }) + JSON.stringify(casts);
    assert.doesNotMatch(text, /hunter22|\balice\b|captures|\bxid\b/);
    assert.equal(steps[1]?.reason, '‹secret› came');
    assert.deepEqual(Object.keys(casts), ['pg']);
    assert.equal(casts.pg?.header.timestamp, 1795410000);
    assert.equal(casts.pg?.header.title, 'Alice in ‹secret›: pg');
    const markers = casts.pg?.events.flatMap((event) => (event.kind === 'marker' ? [event.label] : []));
    assert.deepEqual(markers, ['one', 'two', 'three', 'four', 'five', 'six', 'seven']);
  });

  test('has the output that a background step was judged by', async () => {
    const judged = outcome('one', { end: undefined, output: '', outputLines: 0 });
    const [first] = events;
    assert.ok(first?.kind === 'run-started');
    const { recording } = await made([
      { ...first, steps: [{ id: 'one', hash: hash('a') }] },
      {
        kind: 'step-started',
        at: 1,
        step: 'one',
        host: 'pg',
        command: 'tail',
        attempt: 1,
        session: 'background-one',
        sequence: 1,
      },
      { kind: 'output', at: 2, step: 'one', data: '\x1b[1mready\x1b[0m, hunter22\r\n' },
      { kind: 'step-ended', at: 3, outcome: judged },
      { kind: 'output', at: 4, step: 'one', data: 'more\r\n' },
      { kind: 'run-ended', at: 5, verdict: 'passed' },
    ]);
    assert.equal(recording.steps[0]?.output, 'ready, ‹secret›');
    assert.equal(recording.steps[0]?.outputLines, 1);
  });

  test('is made only of a whole run that has ended', async () => {
    const hiding = createHiding([]);
    assert.deepEqual(await makeRecording(events.slice(0, -1), hiding), { problem: 'the run has not come to its end' });
    const partial = events.filter((event) => event.kind !== 'step-ended' || event.outcome.step !== 'two');
    assert.deepEqual(await makeRecording(partial, hiding), { problem: 'only a part was run: step two was not' });
  });

  test('comes back from its file as it was written, a line for each row and nothing invisible', async () => {
    const recording = await recorded();
    const text = formatRecording(recording);
    assert.equal(text, formatRecording(structuredClone(recording)));
    assert.match(text, /^[\x20-\x7e\n‹›\ufffd]*$/);
    assert.match(text, /\n {10}\{"kind":"matched","expected":0,"text":"a","actual":"a","line":1\},\n/);
    assert.match(text, /"output": "a\\u202eb \\u200b \ufffd ‹secret›"/);
    const read = parseRecording(text, place);
    assert.ok(read.kind === 'recording', JSON.stringify(read));
    assert.deepEqual(JSON.parse(JSON.stringify(read.recording)), JSON.parse(text));
  });
});

suite('a recording that cannot be read says where and why, and how to make it anew', () => {
  const broken: Readonly<Record<string, readonly [change: (text: string) => string, why: RegExp]>> = {
    'cut off': [(text) => text.slice(0, 700), /it is not JSON \(.+\)/],
    empty: [() => '', /it is not JSON/],
    'not an object': [() => '[]', /cannot be used: .+object/],
    'of a later version': [(text) => text.replace('"version": 1', '"version": 2'), /`version`: /],
    'with an unknown key': [(text) => text.replace('"runbook"', '"more": 1,\n"runbook"'), /"more"/],
    'without a hash': [(text) => text.replace(hash('a'), 'abc'), /`steps\.0\.hash`: must be 64 hex digits/],
    'with a strange verdict': [(text) => text.replace('"failed"', '"maybe"'), /`verdict`: /],
    'with a cast elsewhere': [(text) => text.replace('pg-0123abcd', '../../x'), /`casts\.pg`: must be the name/],
    'with a step twice': [(text) => text.replace('"step": "two"', '"step": "one"'), /the step one is in it twice/],
    'of another runbook': [(text) => text.replace('"a/b"', '"a/c"'), /it is of the runbook a\/c/],
    'of another lab': [(text) => text.replace('"lab": "linux"', '"lab": "windows"'), /it is of the lab windows/],
  };
  for (const [how, [change, why]] of Object.entries(broken)) {
    test(how, async () => {
      const text = formatRecording(await recorded());
      assert.notEqual(change(text), text);
      const read = parseRecording(change(text), place);
      assert.ok(read.kind === 'problem');
      assert.equal(read.problem.file, place.file);
      assert.match(read.problem.what, why);
      assert.match(read.problem.hint, /npx tejun record a\/b --lab linux/);
    });
  }
});

test('a step is fresh, stale or not run by the hash of its source', async () => {
  const { steps } = await recorded();
  const page = [
    { id: 'one', hash: hash('a') },
    { id: 'new', hash: hash('a') },
    { id: 'two', hash: hash('a') },
    { id: 'three', hash: hash('b') },
    { id: 'eight', hash: hash('a') },
  ];
  const found = stalenessOf({ steps }, page);
  assert.deepEqual(
    found.steps.map(({ step, freshness, recorded: of }) => [step, freshness, of?.step]),
    [
      ['one', 'fresh', 'one'],
      ['new', 'not-run', undefined],
      ['two', 'fresh', 'two'],
      ['three', 'stale', 'three'],
      ['eight', 'not-run', 'eight'],
    ],
  );
  assert.deepEqual(found.counts, { fresh: 2, stale: 1, 'not-run': 2 });
  assert.equal(found.verified, 1);
  assert.deepEqual(stalenessOf(undefined, page).counts, { fresh: 0, stale: 0, 'not-run': 5 });
});
