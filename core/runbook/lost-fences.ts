import type { Nodes, Root } from 'mdast';
import { isMeant } from './forgotten.ts';

/** A line that means something to its author, but not to Markdown: it would silently do nothing. */
export type LostText = {
  readonly kind: 'lost';
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  readonly what: string;
  readonly hint: string;
};

/** Lines of a document that belong to one node; `fence` is the marker that opened it. */
type Range = {
  readonly from: number;
  readonly to: number;
  readonly kind: 'fence' | 'html' | 'meant';
  readonly fence: string;
};

const opener = /^(?:[\s>]|[-*+][ \t]|\d{1,9}[.)][ \t])*(`{3,}|~{3,})[ \t]*([^`\s].*?)\s*$/;

/** Finds lines that look like the opening of a fence that runs or judges, and are none. `source` is what was parsed into `root`. */
export function findLostFences(root: Root, source: string): readonly LostText[] {
  const lines = source.split(/\r\n|\n|\r/);
  const ranges = rangesOf(root, lines);
  return lines.flatMap((text, index) => {
    const [, marker, info] = opener.exec(text) ?? [];
    if (marker === undefined || info === undefined || !isMeant(info)) return [];
    const line = index + 1;
    const range = ranges.findLast(({ from, to }) => from <= line && line <= to);
    // A longer fence, or one of the other kind, is how a fence is shown instead of run.
    const shown = range?.kind === 'fence' && !marker.startsWith(range.fence);
    if (range?.kind === 'meant' || (range?.kind === 'fence' && range.from === line) || shown) return [];
    return [{ kind: 'lost', line, column: text.indexOf(marker) + 1, ...explain(range) }];
  });
}

function explain(range: Range | undefined): { readonly what: string; readonly hint: string } {
  const shown = 'to show a fence, put it into a longer one';
  if (range === undefined)
    return {
      what: 'Markdown does not read this line as the beginning of a fence, so it would never run or judge',
      hint: `indent it by less than four columns and leave backticks out of its attributes; ${shown}`,
    };
  if (range.kind === 'html')
    return {
      what: 'this fence stands in raw HTML, so it would never run or judge',
      hint: 'leave a blank line between the tag and the fence',
    };
  return {
    what: `this fence stands within the one of line ${range.from}, so it would never run or judge`,
    hint: `close that one first; ${shown}`,
  };
}

function rangesOf(root: Root, lines: readonly string[]): readonly Range[] {
  const ranges: Range[] = [];
  const walk = (node: Nodes): void => {
    const kind = kindOf(node);
    const { start, end } = node.position ?? {};
    if (kind && start && end) {
      const fence = /^(`{3,}|~{3,})/.exec((lines[start.line - 1] ?? '').slice(start.column - 1))?.[0] ?? '';
      // Code without a marker is indented: nothing that an author of a step could mean.
      if (kind !== 'fence' || fence !== '') ranges.push({ from: start.line, to: end.line, kind, fence });
    }
    if ('children' in node) for (const child of node.children) walk(child);
  };
  walk(root);
  return ranges;
}

/** What lies in comments and JavaScript was put there on purpose. */
function kindOf(node: Nodes): Range['kind'] | undefined {
  switch (node.type) {
    case 'code':
      return 'fence';
    case 'html':
      return node.value.startsWith('<!--') ? 'meant' : 'html';
    case 'yaml':
    case 'mdxjsEsm':
    case 'mdxFlowExpression':
    case 'mdxTextExpression':
      return 'meant';
    default:
      return undefined;
  }
}
