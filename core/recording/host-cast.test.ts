import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CastEvent } from '../cast/model.ts';
import type { Outcome, RunEvent } from '../run/model.ts';
import { attemptsOf } from './attempts.ts';
import { createHiding, type HiddenValue } from './hide-values.ts';
import { hostCast } from './host-cast.ts';
import { outputLimit, rendered } from './shown-output.ts';

const started = (at: number, step: string, command: string, attempt = 1, session = 'steps'): RunEvent => {
  return { kind: 'step-started', at, step, host: 'pg', command, attempt, session, sequence: 1 };
};
const output = (at: number, step: string, data: string): RunEvent => ({ kind: 'output', at, step, data });
const ended = (at: number, step: string): RunEvent => {
  return { kind: 'step-ended', at, outcome: { step, verdict: 'passed' } as Outcome };
};
const prompt = '\x1b[1m[postgres@pg]$\x1b[0m ';

/** A host's cast without the prompt at its end. */
async function castOf(events: readonly RunEvent[], hidden: readonly HiddenValue[] = []): Promise<readonly CastEvent[]> {
  const cast = await hostCast(attemptsOf(events), { user: 'postgres' }, createHiding(hidden));
  const last = cast.pop();
  assert.ok(last?.kind === 'output' && last.data === prompt);
  assert.ok(last.at > (cast.at(-1)?.at ?? 0), 'the last marker is not at the very end');
  return cast;
}

async function textOf(events: readonly RunEvent[], hidden: readonly HiddenValue[] = []): Promise<string> {
  const cast = await castOf(events, hidden);
  return cast.map((event) => (event.kind === 'output' ? event.data : '')).join('');
}

test('shows each step with a marker, a prompt, its command and its output, when they came', async () => {
  const cast = await castOf([
    started(10, 'one', 'createdb testdb\npsql -c "select 1"'),
    output(40, 'one', 'CREATE '),
    output(60, 'one', 'DATABASE'),
    ended(70, 'one'),
    started(100, 'two', 'true'),
    ended(105, 'two'),
  ]);
  assert.deepEqual(cast, [
    { at: 10, kind: 'marker', label: 'one' },
    { at: 10, kind: 'output', data: `${prompt}createdb testdb\r\n\x1b[1m>\x1b[0m psql -c "select 1"\r\n` },
    { at: 40, kind: 'output', data: 'CREATE ' },
    { at: 60, kind: 'output', data: 'DATABASE\r\n' },
    { at: 100, kind: 'marker', label: 'two' },
    { at: 100, kind: 'output', data: `${prompt}true\r\n` },
  ]);
});

test('shows a step in SQL at the prompt of its database', async () => {
  const cast = await textOf([started(10, 'one', 'select 1', 1, 'database testdb'), output(40, 'one', '(1 row)\r\n')]);
  assert.equal(cast, '\x1b[1mtestdb=>\x1b[0m select 1\r\n(1 row)\r\n');
});

test('shows a repeated step at its first and its last attempt, with one marker', async () => {
  const cast = await castOf(
    [1, 2, 3, 4].flatMap((n) => [started(n * 100, 'wait', 'check', n), output(n * 100 + 30, 'wait', `try ${n}\r\n`)]),
  );
  assert.deepEqual(cast, [
    { at: 100, kind: 'marker', label: 'wait' },
    { at: 100, kind: 'output', data: `${prompt}check\r\n` },
    { at: 130, kind: 'output', data: 'try 1\r\n' },
    { at: 400, kind: 'output', data: `\x1b[2m# attempt 4\x1b[0m\r\n${prompt}check\r\n` },
    { at: 430, kind: 'output', data: 'try 4\r\n' },
  ]);
});

test('shows output once that was told again after a runner was killed', async () => {
  const text = await textOf([
    started(0, 'one', 'seq 2'),
    output(10, 'one', '1\r\n'),
    { kind: 'run-resumed', at: 50, date: '' },
    { kind: 'step-taken-up', at: 60, step: 'one' },
    output(70, 'one', '1\r\n2\r\n'),
  ]);
  assert.equal(text, `${prompt}seq 2\r\n1\r\n2\r\n`);
});

test('puts the lines of a background step between those of others, never into them', async () => {
  const cast = await castOf([
    started(0, 'tail', 'tail -f log', 1, 'background-tail'),
    output(20, 'tail', 'first\r\n'),
    ended(25, 'tail'),
    started(100, 'count', 'count'),
    output(200, 'count', 'so far '),
    output(300, 'tail', '10%\r\x1b[32m100%\x1b[0m\r\nhal'),
    output(400, 'count', '7\r\n'),
    output(450, 'tail', 'ves\r\nno end'),
    ended(500, 'count'),
  ]);
  const line = (text: string): string => `\x1b[2mtail │\x1b[0m ${text}\r\n`;
  assert.deepEqual(cast, [
    { at: 0, kind: 'marker', label: 'tail' },
    { at: 0, kind: 'output', data: `${prompt}tail -f log\x1b[2m  # in the background\x1b[0m\r\n` },
    { at: 20, kind: 'output', data: line('first') },
    { at: 100, kind: 'marker', label: 'count' },
    { at: 100, kind: 'output', data: `${prompt}count\r\n` },
    { at: 200, kind: 'output', data: 'so far ' },
    { at: 400, kind: 'output', data: `7\r\n${line('100%')}` },
    { at: 450, kind: 'output', data: line('halves') + line('no end') },
  ]);
});

test('leaves a terminal to the next step as a prompt needs it', async () => {
  const left = '\x1b[?1049h\x1b[?25l\x1b[31mon another screen\x1b[3;9r\x1b(0';
  const text = await textOf([started(0, 'one', 'top'), output(1, 'one', left), started(9, 'two', 'true')]);
  const lines = await rendered([{ at: 0, text }]);
  assert.deepEqual(lines, ['[postgres@pg]$ top', '[postgres@pg]$ true']);
  assert.match(text, /\x1b\[\?1049l\x1b\[\?25h\x1b\(B\x1b\)B\x0f\x1b7\x1b\[r\x1b8\x1b\[0m\x1b\[1m\[postgres/);
});

test('hides a value across pieces, colours and the cut of a long output', async () => {
  const hidden: readonly HiddenValue[] = [{ value: 'hunter22', shown: '‹secret›', where: 'anywhere' }];
  const pieces = ['a hun', 'ter22 b \x1b[1mhunt\x1b[0m', '\x1b[31mer', '22\x1b[0m c\r\n'];
  const text = await textOf(
    [started(0, 'one', 'x'), ...pieces.map((piece, at) => output(at * 50, 'one', piece))],
    hidden,
  );
  assert.equal(text, `${prompt}x\r\na ‹secret› b \x1b[1m‹secret›\x1b[0m\x1b[31m\x1b[0m c\r\n`);
});

test('hides what a program puts together on the screen', async () => {
  const hidden: readonly HiddenValue[] = [{ value: 'hunter22', shown: '‹secret›', where: 'anywhere' }];
  for (const drawn of [
    '\x1b[6Gter22\rAhunter\r\x1b[C\x1b[31mhun\x1b[0m\r\n',
    '    ter22 z\r ha\b\bhunter\n',
    'hx\bunter22\n',
  ]) {
    const text = await textOf([started(0, 'one', 'x'), output(5, 'one', drawn)], hidden);
    const lines = await rendered([{ at: 0, text }]);
    assert.doesNotMatch(lines.join('\n'), /hunter22/, JSON.stringify(drawn));
    assert.match(lines.join('\n'), /‹secret›|hunter(?!22)/);
  }
});

test('cuts a long output in the middle, at line ends, and says how much is left out', async () => {
  const long = Array.from({ length: 60_000 }, (_, index) => `line ${index}\r\n`);
  const pieces = [long.slice(0, 9).join(''), long.slice(9, 50_000).join(''), long.slice(50_000).join('')];
  const text = await textOf([started(0, 'one', 'seq'), ...pieces.map((piece, at) => output(at * 50, 'one', piece))]);
  assert.ok(text.length < outputLimit + 200, `${text.length}`);
  const [head, tail] = text.split(/\x1b\[0m\r\n… 0\.4 MB of output are left out here …\r\n/);
  assert.match(head ?? '', /^.*seq\r\n(line \d+\r\n)+$/);
  assert.match(tail ?? '', /^(line \d+\r\n)+$/);
  assert.ok(tail?.endsWith('line 59999\r\n'));
});

test('cuts output without line ends neither within a character nor within a sequence', async () => {
  for (let shift = 0; shift < 12; shift++) {
    const unit = '\x1b[38;5;9m😀';
    const text = await textOf([started(0, 'one', 'x'), output(1, 'one', 'a'.repeat(shift) + unit.repeat(40_000))]);
    const [head = '', tail = ''] = text.split(/\x1b\[0m\r\n… .* …\r\n/);
    assert.match(head, /^.*\r\na*(\x1b\[38;5;9m😀)*(\x1b\[38;5;9m)?$/u, `shift ${shift}`);
    assert.match(tail, /^😀?(\x1b\[38;5;9m😀)*\x1b\[0m\r\n$/u, `shift ${shift}`);
  }
});
