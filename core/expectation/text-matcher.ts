import { setValues } from '../by-name.ts';
import { LineWindow, type NumberedLine } from './line-window.ts';
import type { Diff, DiffRow, Expectation, Judgement, Matcher } from './model.ts';
import { bestAlignment } from './text-alignment.ts';
import { alignedRows, failedRows, type Lines, type SourcedStep } from './text-diff.ts';
import { compileItems, type Item, itemMatches } from './text-items.ts';
import { type MatchNode, Threads } from './threads.ts';
import { trimLineEnd } from './whitespace.ts';

/**
 * Compares output with expected lines while it arrives. Costs at most O(lines × expected lines) line tests, each linear in
 * its line; keeps the matched lines and a bounded window of the others.
 */
export function createTextMatcher(expectation: Extract<Expectation, { kind: 'text' }>): Matcher {
  const lines = expectation.lines;
  const items = compileItems(lines);
  const state = new TextState(items, new Threads(items), new LineWindow(), literalsOf(items));
  return {
    push(output) {
      for (const line of output) state.push(line);
    },
    preview: (tail = []) => ({ kind: 'text', rows: state.fork(tail).openRows(lines) }),
    accepts: (tail = []) => state.forkThreads(tail).accepted() !== undefined,
    end: () => state.judge(lines),
  };
}

type Checkpoint = { readonly item: number; readonly line: number; readonly node: MatchNode | undefined };

class TextState {
  readonly #items: readonly Item[];
  #threads: Threads;
  #window: LineWindow;
  /** Blank lines that count only if something follows, or if the expectation wants them. */
  #blanks = 0;
  #line = 0;
  #checkpoint: Checkpoint = { item: 0, line: 0, node: undefined };
  /** The last output line of each literal expected line that came: kept when the lines themselves are not. */
  readonly #came = new Map<string, number>();
  readonly #literals: ReadonlySet<string>;

  constructor(items: readonly Item[], threads: Threads, window: LineWindow, literals: ReadonlySet<string>) {
    this.#items = items;
    this.#literals = literals;
    this.#threads = threads;
    this.#window = window;
  }

  push(line: string): void {
    const text = trimLineEnd(line);
    if (text === '') {
      this.#blanks++;
      return;
    }
    for (; this.#blanks > 0; this.#blanks--) this.#take('');
    this.#take(text);
  }

  /** The alignments after the tail, blank lines at its end settled in favour of acceptance. */
  forkThreads(tail: readonly string[]): Threads {
    const fork = this.#bareFork();
    for (const line of tail) fork.push(line);
    return fork.#settle();
  }

  fork(tail: readonly string[]): TextState {
    const fork = new TextState(this.#items, this.#threads.fork(), this.#window.fork(), none);
    fork.#blanks = this.#blanks;
    fork.#line = this.#line;
    fork.#checkpoint = this.#checkpoint;
    for (const line of tail) fork.push(line);
    return fork;
  }

  judge(lines: Extract<Expectation, { kind: 'text' }>['lines']): Judgement {
    const accepted = this.#settle().accepted();
    if (accepted !== undefined) {
      const rows = alignedRows(lines, this.#items, accepted.node, this.#items.length, this.#line);
      return { passed: true, captures: capturesOf(this.#items, accepted.node), diff: { kind: 'text', rows } };
    }
    return { passed: false, captures: {}, diff: this.#failure(lines, false) };
  }

  openRows(lines: Extract<Expectation, { kind: 'text' }>['lines']): readonly DiffRow[] {
    if (this.#threads.dead) return this.#failure(lines, true).rows;
    const best = this.#threads.furthest();
    const next = this.#threads.positions[best] ?? 0;
    const node = this.#threads.nodes[best];
    const rows = alignedRows(lines, this.#items, node, next, this.#line);
    const from = this.#items[next]?.expected ?? lines.length;
    const done = rows.some((row) => row.kind !== 'unexpected' && row.expected === from) ? from + 1 : from;
    return [
      ...rows,
      ...lines.slice(done).map((line, i): DiffRow => ({ kind: 'pending', expected: done + i, text: line.text })),
    ];
  }

  #failure(lines: Extract<Expectation, { kind: 'text' }>['lines'], open: boolean): Diff {
    const window = this.#window;
    const whole = window.first.length === window.count && (!open || window.count * this.#items.length <= 250_000);
    const start: Checkpoint = whole ? { item: 0, line: 0, node: undefined } : this.#checkpoint;
    const head = whole ? window.first : window.afterProgress;
    const known: Lines = [...(open && !whole ? head.slice(0, 50) : head)];
    const lastHead = head[known.length - 1]?.line ?? start.line;
    if (lastHead < window.count) {
      const tail: NumberedLine[] = open && !whole ? [] : window.lastBeyond(lastHead);
      const gap = (tail[0]?.line ?? window.count + 1) - lastHead - 1;
      if (gap > 0) known.push({ skipped: gap, mayMatch: this.#threads.dead });
      known.push(...tail);
    }
    // Blank lines at the end came, too, if anything wants them.
    const blanks = open ? 0 : Math.min(this.#blanks, this.#items.length);
    for (let i = 1; i <= blanks; i++) known.push({ line: window.count + i, text: '' });
    const wanted = open && !whole ? this.#items.slice(0, start.item + 400) : this.#items;
    const steps = bestAlignment(wanted, start.item, known);
    const wantsBlank = steps.some((step) => step.kind === 'missing' && takesBlank(this.#items[step.item]));
    while (blanks > 0 && !wantsBlank && isIdleBlank(steps.at(-1))) steps.pop();
    const before = alignedRows(lines, this.#items, start.node, start.item, start.line);
    return { kind: 'text', rows: failedRows(lines, this.#items, before, start.item, steps, open, this.#came) };
  }

  #take(text: string): void {
    this.#line++;
    this.#window.add(text);
    if (this.#literals.has(text)) this.#came.set(text, this.#line);
    const threads = this.#threads;
    if (threads.dead) return;
    threads.step(text, this.#line);
    const best = threads.furthest();
    const item = threads.positions[best] ?? 0;
    if (best >= 0 && item > this.#checkpoint.item && threads.nodes[best]?.line === this.#line) {
      this.#checkpoint = { item, line: this.#line, node: threads.nodes[best] };
      this.#window.progress();
    }
  }

  #bareFork(): TextState {
    const fork = new TextState(this.#items, this.#threads.fork(), new LineWindow(), none);
    fork.#blanks = this.#blanks;
    fork.#line = this.#line;
    fork.#checkpoint = { item: this.#items.length + 1, line: 0, node: undefined };
    return fork;
  }

  #settle(): Threads {
    const threads = this.#threads.fork();
    const most = Math.min(this.#blanks, this.#items.length + 1);
    for (let i = 0; i < most && threads.accepted() === undefined && !threads.dead; i++)
      threads.step('', this.#line + i + 1);
    return threads.accepted() === undefined ? this.#threads : threads;
  }
}

function takesBlank(item: Item | undefined): boolean {
  return item?.test !== undefined && itemMatches(item, '');
}

function isIdleBlank(step: SourcedStep | undefined): boolean {
  if (step?.kind !== 'unexpected' && step?.kind !== 'absorbed') return false;
  return step.source !== undefined && 'text' in step.source && step.source.text === '';
}

const none: ReadonlySet<string> = new Set();

function literalsOf(items: readonly Item[]): ReadonlySet<string> {
  return new Set(items.flatMap(({ test }) => (test?.literal ? [test.literal] : [])));
}

function capturesOf(items: readonly Item[], last: MatchNode | undefined): Record<string, string> {
  const captures: Record<string, string> = {};
  for (let node = last; node !== undefined; node = node.before) {
    const test = items[node.item]?.test;
    if (test?.hasCaptures === true) setValues(captures, test.captures(node.text));
  }
  return captures;
}
