import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import headless from '@xterm/headless';
import type { Diff } from '../../core/expectation/model.ts';
import type { Outcome } from '../../core/run/model.ts';
import { trialOutcome } from '../../core/run/outcome-trial.ts';
import { LiveArea } from './live-area.ts';
import { createProgress } from './progress.ts';

/** A stream into a real terminal emulator, which shows what a person would see. */
function terminal(columns: number, rows: number) {
  const emulator = new headless.Terminal({ cols: columns, rows, convertEol: true, allowProposedApi: true });
  let written: Promise<void> = Promise.resolve();
  let raw = '';
  const stream = Object.assign(
    new Writable({
      decodeStrings: false,
      write: (text: string, _encoding, done) => {
        raw += text;
        written = new Promise((resolve) => emulator.write(text, resolve));
        done();
      },
    }),
    { columns, rows },
  );
  return {
    stream: stream as unknown as NodeJS.WriteStream,
    raw: () => raw,
    resize: async (narrower: number) => {
      await written;
      stream.columns = narrower;
      emulator.resize(narrower, rows);
    },
    screen: async () => {
      await written;
      const { buffer } = emulator;
      const all = Array.from({ length: buffer.active.length }, (_, y) =>
        buffer.active.getLine(y)?.translateToString(true),
      );
      return all.join('\n').trimEnd().split('\n');
    },
  };
}

const outcome = (change: Partial<Outcome>): Outcome => trialOutcome({ step: 'a', command: 'echo 1', ...change });
const diff: Diff = {
  kind: 'text',
  rows: [
    { kind: 'missing', expected: 0, text: '1' },
    { kind: 'unexpected', actual: '2\x1b[2J', line: 1 },
  ],
};

test('lines are drawn anew in place, and taken away without a trace', async () => {
  const { stream, screen } = terminal(40, 10);
  const area = new LiveArea(stream);
  stream.write('before\n');
  area.draw(['one', 'two', 'three']);
  assert.deepEqual(await screen(), ['before', 'one', 'two', 'three']);
  area.draw(['four']);
  assert.deepEqual(await screen(), ['before', 'four']);
  area.clear();
  area.clear();
  stream.write('after\n');
  assert.deepEqual(await screen(), ['before', 'after']);
});

test('whatever the lines are like, drawing them again leaves nothing behind', async () => {
  const { stream, screen } = terminal(20, 6);
  const area = new LiveArea(stream);
  stream.write('before\n');
  const long = [
    'x'.repeat(100),
    '日本語'.repeat(20),
    `\x1b[31m${'r'.repeat(50)}\x1b[39m`,
    '\ta\tb\tc\td',
    '',
    'e\u0301'.repeat(30),
  ];
  for (let count = 0; count < 3; count++) {
    for (const line of long) area.draw([line, ...long]);
    area.draw(['end']);
    assert.deepEqual(await screen(), ['before', 'end']);
  }
});

test('a terminal that is made narrower meanwhile keeps no remains', async () => {
  const { stream, screen, resize } = terminal(40, 10);
  const area = new LiveArea(stream);
  stream.write('before\n');
  area.draw(['x'.repeat(39), 'y'.repeat(30), 'z']);
  await resize(15);
  area.draw(['end']);
  assert.deepEqual(await screen(), ['before', 'end']);
});

test('without a terminal there is one plain line for each ended step', async () => {
  const { stream, raw } = terminal(80, 24);
  const progress = createProgress({ stream, color: false, live: false, now: () => 0 });
  progress.runStarted('Title', 'operations/x', 'linux', 2);
  progress.stepStarted('a', 'postgres1', 'echo 1', 1);
  progress.preview(diff);
  progress.stepEnded(outcome({}), 'x.mdx:3');
  progress.stepEnded(outcome({ step: 'b', verdict: 'skipped', reason: 'not run: a failed' }), 'x.mdx:9');
  progress.runEnded('passed');
  progress.close();
  assert.equal(
    raw(),
    '\nTitle operations/x on linux, 2 steps\npassed       12 ms  a\nskipped      12 ms  b  not run: a failed\n',
  );
});

test('a step that did not pass is told with place, command, difference and hints, and nothing of it acts on the terminal', async () => {
  const { stream, raw } = terminal(80, 24);
  const progress = createProgress({ stream, color: false, live: false, now: () => 0 });
  const reason = 'output is not as expected';
  const bad = outcome({
    verdict: 'failed',
    reason,
    diff,
    output: '2\x1b[2J',
    command: 'echo \\\n2',
    hints: ['try\nagain'],
  });
  progress.stepEnded({ ...bad, attempts: 3 }, 'x.mdx:3');
  const told = raw();
  assert.doesNotMatch(told, /\x1b/);
  for (const part of [
    'failed',
    '(3 attempts)',
    'x.mdx:3: output is not as expected',
    'on postgres1:',
    '$ echo \\',
    '> 2',
  ])
    assert.ok(told.includes(part), part);
  assert.match(told, /^ {4}- 1\n {4}\+ 2\\x1b\[2J$/m);
  assert.match(told, /^ {4}hint: try\n {4} +again$/m);
});

test('output explains an unexpected exit code also when its lines are as expected', () => {
  const { stream, raw } = terminal(80, 24);
  const progress = createProgress({ stream, color: false, live: false, now: () => 0 });
  const quiet: Diff = { kind: 'text', rows: [{ kind: 'elided', expected: 0, count: 1, why: 'ellipsis' }] };
  progress.stepEnded(
    outcome({ verdict: 'failed', reason: 'exit code 1, expected 0', diff: quiet, output: 'FATAL: no such thing' }),
    'x.mdx:3',
  );
  assert.match(raw(), /exit code 1, expected 0/);
  assert.match(raw(), /FATAL: no such thing/);
});

test('a running step is shown with its time and its open rows, and is gone in the end', async () => {
  const { stream, screen } = terminal(60, 12);
  let clock = 0;
  const drawn = Promise.withResolvers<void>();
  const write = stream.write.bind(stream) as (text: string) => boolean;
  stream.write = ((text: string) => {
    const result = write(text);
    if (text.includes('running')) drawn.resolve();
    return result;
  }) as typeof stream.write;
  const progress = createProgress({ stream, color: true, live: true, now: () => clock });
  progress.runStarted('Title', 'x', 'linux', 1);
  progress.stepStarted('slow', 'postgres1', 'sleep 5\necho 1', 1);
  progress.preview(diff);
  clock = 2500;
  // The timer does not keep the process alive; this one does until the step has been drawn.
  const awake = setInterval(() => {}, 1000);
  await drawn.promise;
  clearInterval(awake);
  const live = await screen();
  assert.match(live.join('\n'), /running +slow on postgres1, 2\.5 s\n +\$ sleep 5\n +- 1\n +\+ 2\\x1b\[2J$/);
  progress.stepEnded(outcome({ step: 'slow' }), 'x.mdx:3');
  progress.close();
  assert.deepEqual((await screen()).slice(1), ['Title x on linux, 1 step', 'passed       12 ms  slow']);
});
