import { type Item, itemMatches } from './text-items.ts';

/** A matched line in an alignment, linked to the matched line before it. A long run of one repeated item is one node. */
export type MatchNode = {
  readonly before: MatchNode | undefined;
  readonly item: number;
  /** 1-based output line; `text` is that line without trailing whitespace. */
  readonly line: number;
  readonly text: string;
  /** How many lines, `line` being the last, a run node stands for. */
  readonly count: number;
  /** How many nodes of this item stand in a row. */
  readonly chain: number;
};

/**
 * All alignments of the lines so far with the items, one per item that may come next, in order of preference: an
 * ellipsis takes as few lines as it can, a repeated line as many as it can. One line costs O(alignments), at most the
 * number of items, so a whole output costs O(lines × items) line tests at worst and never more.
 */
export class Threads {
  /** For each alignment: the item that comes next (`items.length`: none). */
  positions: number[] = [];
  nodes: (MatchNode | undefined)[] = [];
  /** The first ellipsis from which all alignments stem; until one of them moves on, no line changes anything. */
  #waiting = false;
  readonly #items: readonly Item[];
  /** Which items the present step has reached; shared with forks, which never step at the same time. */
  readonly #seen: { readonly marks: Uint32Array; generation: number };
  readonly #pending: number[] = [];

  constructor(items: readonly Item[], like?: Threads) {
    this.#items = items;
    this.#seen = like === undefined ? { marks: new Uint32Array(items.length + 1), generation: 1 } : like.#seen;
    if (like === undefined) {
      this.#add(0, undefined);
      this.#waiting = items[0]?.kind === 'ellipsis';
    } else {
      this.positions = like.positions.slice();
      this.nodes = like.nodes.slice();
      this.#waiting = like.#waiting;
    }
  }

  /** A copy to try lines on; it leaves the original as it is. */
  fork(): Threads {
    return new Threads(this.#items, this);
  }

  get dead(): boolean {
    return this.positions.length === 0;
  }

  /** Takes one line without trailing whitespace. */
  step(text: string, line: number): void {
    const { positions, nodes } = this;
    const count = positions.length;
    if (this.#waiting) {
      let i = 0;
      while (i < count && !this.#moves(positions[i] ?? 0, text)) i++;
      if (i === count) return;
    }
    this.positions = [];
    this.nodes = [];
    this.#nextGeneration();
    let source = -1;
    for (let i = 0; i < count; i++) {
      const position = positions[i] ?? 0;
      const item = this.#items[position];
      if (item === undefined || !itemMatches(item, text)) continue;
      const node = nodes[i];
      source = source === -1 && item.kind === 'ellipsis' ? position : -2;
      if (item.kind === 'ellipsis') this.#add(position, node);
      else if (item.kind === 'any') this.#add(position, extend(node, position, line, text));
      else this.#add(position + 1, { before: node, item: position, line, text, count: 1, chain: 1 });
    }
    this.#waiting = source >= 0;
  }

  /** The alignment that wins if the output ends here; undefined when it may not. */
  accepted(): { readonly node: MatchNode | undefined } | undefined {
    const at = this.positions.indexOf(this.#items.length);
    return at < 0 ? undefined : { node: this.nodes[at] };
  }

  /** Index of the alignment that has come furthest through the items; -1 when there is none. */
  furthest(): number {
    let best = -1;
    for (let i = 0; i < this.positions.length; i++) {
      if (best < 0 || (this.positions[i] ?? 0) > (this.positions[best] ?? 0)) best = i;
    }
    return best;
  }

  #moves(position: number, text: string): boolean {
    const item = this.#items[position];
    return item !== undefined && item.kind !== 'ellipsis' && itemMatches(item, text);
  }

  #add(start: number, node: MatchNode | undefined): void {
    const items = this.#items;
    const pending = this.#pending;
    for (let position = start; ; position++) {
      if (this.#mark(position)) break;
      const kind = items[position]?.kind;
      if (kind === 'ellipsis') pending.push(position);
      else {
        this.positions.push(position);
        this.nodes.push(node);
        if (kind === 'one' || kind === undefined) break;
      }
    }
    // An ellipsis that goes on is the last choice, the outermost the very last.
    for (let position = pending.pop(); position !== undefined; position = pending.pop()) {
      this.positions.push(position);
      this.nodes.push(node);
    }
  }

  /** Marks the position; true when an alignment that is preferred got there before. */
  #mark(position: number): boolean {
    const { marks, generation } = this.#seen;
    if (marks[position] === generation) return true;
    marks[position] = generation;
    return false;
  }

  #nextGeneration(): void {
    if (this.#seen.generation === 0xffffffff) {
      this.#seen.marks.fill(0);
      this.#seen.generation = 0;
    }
    this.#seen.generation++;
  }
}

const longestChain = 50;

function extend(before: MatchNode | undefined, item: number, line: number, text: string): MatchNode {
  if (before === undefined || before.item !== item) return { before, item, line, text, count: 1, chain: 1 };
  if (before.chain < longestChain) return { before, item, line, text, count: 1, chain: before.chain + 1 };
  return { before: before.before, item, line, text, count: before.count + 1, chain: before.chain };
}
