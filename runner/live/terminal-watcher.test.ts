import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServerMessage } from '../../core/protocol/server-message.ts';
import { usualLimits } from './limits.ts';
import type { TerminalLife } from './terminal-life.ts';
import { TerminalWatcher } from './terminal-watcher.ts';
import { TextRing } from './text-ring.ts';

const limits = { ...usualLimits, window: 1000, patience: 100 };
const size = { columns: 80, rows: 24 };

function watching(kept = 10_000) {
  const text = new TextRing(kept, 0);
  const life = { name: 'one', text } as TerminalLife;
  const messages: ServerMessage[] = [];
  const watcher = new TerminalWatcher('lab', 'host', (message) => messages.push(message), limits);
  const add = (units: number): void => {
    for (let left = units; left > 0; left -= 100) {
      text.append(`${'x'.repeat(99)}\n`);
      watcher.push();
    }
  };
  const sent = (): number => {
    const last = messages.findLast((message) => message.kind === 'output' || message.kind === 'terminal');
    return last?.kind === 'output' ? last.offset + last.data.length : (last?.offset ?? 0);
  };
  return { text, life, messages, watcher, add, sent };
}

const nowhere = { terminal: undefined, from: undefined };

test('a page gets no more than a window beyond what it has drawn', () => {
  const { life, watcher, add, sent } = watching();
  watcher.begin(life, size, nowhere);
  add(5000);
  assert.equal(sent(), 1000);
  watcher.drawn(300);
  assert.equal(sent(), 1300);
  for (const offset of [200, 1301, 99_999]) watcher.drawn(offset);
  assert.equal(sent(), 1300, 'what cannot be is not believed');
});

test('output waits for a page as long as it draws', () => {
  const { life, watcher, add, text } = watching();
  watcher.begin(life, size, nowhere);
  add(1000);
  assert.equal(watcher.holds(0), false);
  add(5000);
  assert.equal(watcher.holds(1), true);
  watcher.drawn(600);
  assert.equal(watcher.holds(102), true, 'it drew half a window in its time');
  assert.equal(watcher.holds(201), true);
  assert.equal(watcher.holds(203), false, 'it drew nothing');
  assert.equal(watcher.holds(1000), false);
  watcher.drawn(700);
  assert.equal(watcher.holds(1001), false, 'it has not caught up');
  for (let at = 0; at < 100; at++) watcher.drawn(Math.min(text.end, 5000 + 1000 * at));
});

test('a page that lost its right is led to the end, and gets it back when it has caught up', () => {
  const { life, watcher, add, messages, text, sent } = watching();
  watcher.begin(life, size, nowhere);
  add(20_000);
  assert.equal(watcher.holds(0), true);
  assert.equal(watcher.holds(100), false);
  watcher.drawn(100);
  const skipped = messages.findLast((message) => message.kind === 'terminal');
  assert.equal(skipped?.offset, text.end - 200, 'the beginning of a line near the end');
  assert.equal(sent(), text.end);
  watcher.drawn(text.end);
  add(2000);
  assert.equal(watcher.holds(200), true);
});

test('a page goes on where it was, if that is kept', () => {
  const { life, watcher, add, messages, text } = watching(2000);
  add(1500);
  const begins = (terminal: string | undefined, from: number | undefined): number | undefined => {
    watcher.begin(life, size, { terminal, from });
    return messages.findLast((message) => message.kind === 'terminal')?.offset;
  };
  assert.equal(begins('one', 700), 700);
  assert.equal(begins('two', 700), 0);
  assert.equal(begins('one', 1501), 0);
  assert.equal(begins(undefined, undefined), 0);
  add(20_000);
  assert.equal(begins('one', 700), text.start);
  assert.ok(text.start > 700);
});

test('the last words of a terminal come with its end', () => {
  const { life, watcher, add, messages, sent } = watching();
  watcher.begin(life, size, nowhere);
  add(1900);
  watcher.end('over');
  assert.equal(sent(), 1900);
  assert.deepEqual(messages.at(-1), { kind: 'terminal-ended', lab: 'lab', host: 'host', terminal: 'one', why: 'over' });
  watcher.push();
  watcher.end('again');
  assert.equal(messages.at(-1)?.kind === 'terminal-ended' && messages.at(-1), messages.at(-1));
});
