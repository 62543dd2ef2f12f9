import type { Sketch } from './recorded-book.ts';

const lines = Array.from({ length: 60 }, (_, index) => `${index + 1}\n`).join('');

/** What a run of `cases/outcomes` might have produced. */
export const outcomesRecording: readonly Sketch[] = [
  { step: 'exact', output: '1\n' },
  { step: 'volatile', output: '741\n' },
  {
    step: 'uses-value',
    command: `psql -c "select pg_xact_status('741')"`,
    output: ' pg_xact_status \n----------------\n committed\n(1 row)\n\n',
  },
  { step: 'silent' },
  { step: 'no-expectation', output: 'ends with three\n', end: { kind: 'exited', code: 3 } },
  { step: 'long', output: lines },
  {
    step: 'waits',
    host: 'pgpool1',
    output: ' node_id | status \n---------+--------\n 0       | up\n 1       | down\n',
    durationMs: 4210,
    attempts: 3,
  },
  {
    step: 'server',
    output: '2026-11-20 21:30:01 UTC LOG:  database system is ready to accept connections\n',
    end: undefined,
  },
  {
    step: 'other-lines',
    verdict: 'failed',
    reason: 'output is not as expected',
    output: 'one\nzwei\nthree\n',
    durationMs: 19,
    diff: {
      kind: 'text',
      rows: [
        { kind: 'matched', expected: 0, text: 'one', actual: 'one', line: 0 },
        { kind: 'missing', expected: 1, text: 'two' },
        { kind: 'unexpected', actual: 'zwei', line: 1 },
        { kind: 'matched', expected: 2, text: 'three', actual: 'three', line: 2 },
      ],
    },
    hints: ['Somebody counts in `German` here.', 'Count again.'],
  },
  {
    step: 'other-cells',
    verdict: 'failed',
    reason: 'output is not as expected',
    output: ' node_id | role    \n---------+---------\n 0       | primary\n 1       | primary\n(2 rows)\n',
    diff: {
      kind: 'table',
      rows: [
        { kind: 'matched', expected: 0, text: ' 0       | primary', actual: ' 0       | primary', line: 2 },
        {
          kind: 'differs',
          expected: 1,
          line: 3,
          cells: [
            { column: 'node_id', expected: '1', actual: '1', same: true },
            { column: 'role', expected: 'standby', actual: 'primary', same: false },
          ],
        },
      ],
    },
  },
  {
    step: 'errored',
    verdict: 'errored',
    reason: 'cat waits for keys that nobody will type',
    end: { kind: 'waits-for-input', program: 'cat' },
  },
  {
    step: 'timed-out',
    verdict: 'timed-out',
    reason: 'the time limit of 1 s was reached',
    end: { kind: 'timed-out', afterMs: 1000 },
    durationMs: 1003,
  },
  { step: 'skipped', verdict: 'skipped', reason: 'an earlier step failed', end: undefined, durationMs: 0 },
  { step: 'stale', hash: 'a'.repeat(64), output: 'as it was\n' },
];
