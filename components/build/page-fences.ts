import type { MdastVisitorContext } from 'satteri';
import type { Step } from '../../core/runbook/model.ts';
import type { PageNode } from './nodes.ts';

/** A fence as Markdown sees it. */
export type CodeNode = Extract<PageNode, { readonly type: 'code' }>;

/** What of a page belongs to one step. */
export type StepPiece = {
  readonly first: CodeNode;
  /** The step's other fences. */
  readonly rest: readonly CodeNode[];
  /** Bodies of all its fences by line. */
  readonly bodies: ReadonlyMap<number, string>;
  /** What stands between its first fence and the last that is no hint. */
  readonly between: readonly PageNode[];
};

/** All fences of a page by the line in the file, wherever they stand. */
export function codeNodesOf(root: { readonly children: readonly PageNode[] }, above: number): Map<number, CodeNode> {
  const found = new Map<number, CodeNode>();
  const walk = (nodes: readonly PageNode[]): void => {
    for (const node of nodes) {
      if (node.type === 'code') found.set((node.position?.start.line ?? 0) + above, node as CodeNode);
      else if ('children' in node && node.children) walk(node.children as readonly PageNode[]);
    }
  };
  walk(root.children);
  return found;
}

/** Finds a step's fences in the page. */
export function pieceOf(step: Step, codes: ReadonlyMap<number, CodeNode>, context: MdastVisitorContext): StepPiece {
  const lines = [...step.commands, ...step.expectations, ...(step.reported ? [step.reported] : [])]
    .map(({ line }) => line)
    .sort((a, b) => a - b);
  const fences = lines.map((line) => {
    const node = codes.get(line);
    // Two parsers read the page; a step that only one of them sees must not vanish from it.
    if (!node) throw new Error(`line ${line}: the page's Markdown has no fence here, but the step ${step.id} has`);
    return node;
  });
  const [first, ...rest] = fences;
  if (!first) throw new Error(`line ${step.line}: the step ${step.id} has no fence`);
  const bodies = new Map(lines.map((line, index) => [line, (fences[index]?.value ?? '').replace(/\r\n?/g, '\n')]));
  return { first, rest, bodies, between: between(first, rest, context) };
}

function between(first: CodeNode, rest: readonly CodeNode[], context: MdastVisitorContext): readonly PageNode[] {
  const parent = context.parent(first) as { readonly children: readonly PageNode[] } | undefined;
  const last = rest.at(-1);
  if (!parent || !last || context.parent(last) !== (parent as unknown)) return [];
  const from = context.indexOf(first);
  const to = context.indexOf(last);
  if (from === undefined || to === undefined) return [];
  const own = new Set(rest.map((node) => context.indexOf(node)));
  return parent.children
    .map((node, index) => ({ node, index }))
    .filter(({ node, index }) => index > from && index < to && !own.has(index) && !isHint(node))
    .map(({ node }) => node);
}

function isHint(node: PageNode): boolean {
  return node.type === 'code' && (node as CodeNode).lang === 'hint';
}
