import { decodeString } from 'micromark-util-decode-string';
import type { MdastVisitorContext } from 'satteri';
import { parseInfo } from '../../core/runbook/info.ts';
import type { Command, ExpectFence, Step, Variant } from '../../core/runbook/model.ts';
import type { PageNode } from './nodes.ts';

/** A fence as Markdown sees it. */
export type CodeNode = Extract<PageNode, { readonly type: 'code' }>;

/** A command or an expectation with the text that its author wrote, and how the fence is to look. */
export type Written<T> = { readonly variant: Variant<T>; readonly body: string; readonly display: string };

/** What stands in one place of a step: fences one right after the other, or something else between them. */
export type Piece =
  | { readonly kind: 'commands'; readonly all: readonly Written<Command>[] }
  | { readonly kind: 'expectations'; readonly all: readonly Written<ExpectFence>[] }
  | { readonly kind: 'between'; readonly node: PageNode };

/** What of a step stands in one paragraph, list item, tab or aside. Without pieces there is nothing to show. */
export type StepPlace = {
  readonly pieces: readonly Piece[];
  /** The node in whose place the pieces are shown. */
  readonly first: PageNode;
  readonly rest: readonly PageNode[];
};

/** A fence of the page with its info string as its author wrote it: read by Markdown, quotes of values look like their ends. */
type PageFence = { readonly node: CodeNode; readonly info: string };

/** The fences of a page by the line in the file. */
export type PageFences = ReadonlyMap<number, PageFence>;

type StepFence = { readonly node: CodeNode; readonly piece: Piece | undefined };

/** All fences of a page by the line in the file, wherever they stand. `above`: how many of the file's lines `source` lacks. */
export function pageFencesOf(
  root: { readonly children: readonly PageNode[] },
  source: string,
  above: number,
): PageFences {
  const lines = source.split(/\r\n|\n|\r/);
  const found = new Map<number, PageFence>();
  const walk = (nodes: readonly PageNode[]): void => {
    for (const node of nodes) {
      if (node.type === 'code') {
        const line = node.position?.start.line ?? 0;
        const [, info = ''] = /(?:`{3,}|~{3,})[ \t]*(.*)$/.exec(lines[line - 1] ?? '') ?? [];
        found.set(line + above, { node: node as CodeNode, info });
      } else if ('children' in node && node.children) walk(node.children as readonly PageNode[]);
    }
  };
  walk(root.children);
  return found;
}

/** Finds the places of a document in which a step's fences stand, in their order; `isHere`: whether a file is that document. */
export function placesOf(
  step: Step,
  fences: PageFences,
  isHere: (file: string | undefined) => boolean,
  context: MdastVisitorContext,
): readonly StepPlace[] {
  const own = fencesOf(step, fences, isHere);
  const byParent = Map.groupBy(own, ({ node }) => context.parent(node));
  return [...byParent].map(([parent, together]) => placeOf(together, parent as PageNode | undefined, context));
}

function fencesOf(step: Step, fences: PageFences, isHere: (file: string | undefined) => boolean): readonly StepFence[] {
  const fenceIn = (line: number): PageFence => {
    const fence = fences.get(line);
    // Two parsers read the page; a step that only one of them sees must not vanish from it.
    if (!fence) throw new Error(`line ${line}: the page's Markdown has no fence here, but the step ${step.id} has`);
    return fence;
  };
  const written = <T>(variant: Variant<T>): Written<T> => {
    const { node, info } = fenceIn(variant.line);
    const display = parseInfo(info).display.map(({ text }) => decodeString(text));
    return { variant, body: node.value.replace(/\r\n?/g, '\n'), display: display.join(' ') };
  };
  const here = <T extends { readonly file: string | undefined }>(all: readonly T[]): readonly T[] =>
    all.filter(({ file }) => isHere(file));
  return [
    ...here(step.commands).map((variant) => ({
      variant,
      piece: { kind: 'commands' as const, all: [written(variant)] },
    })),
    ...here(step.expectations).map((variant) => ({
      variant,
      piece: { kind: 'expectations' as const, all: [written(variant)] },
    })),
    ...here(step.reported ? [step.reported] : []).map((variant) => ({ variant, piece: undefined })),
  ]
    .sort((a, b) => a.variant.line - b.variant.line)
    .map(({ variant, piece }) => ({ node: fenceIn(variant.line).node, piece }));
}

function placeOf(own: readonly StepFence[], parent: PageNode | undefined, context: MdastVisitorContext): StepPlace {
  const [first] = own;
  if (!first) throw new Error('a place without fences');
  const indexOf = ({ node }: StepFence): number => context.indexOf(node) ?? -1;
  const fences = new Map(own.map((fence) => [indexOf(fence), fence]));
  const children = (parent && 'children' in parent ? parent.children : []) as readonly PageNode[];
  const from = Math.min(...fences.keys());
  const to = Math.max(...fences.keys());
  const nodes = children.slice(from, to + 1);
  const pieces: Piece[] = [];
  for (const [index, node] of nodes.entries()) {
    const fence = fences.get(from + index);
    if (fence?.piece) add(pieces, fence.piece);
    else if (!fence && !isHint(node)) pieces.push({ kind: 'between', node });
  }
  return { pieces, first: first.node, rest: nodes.slice(1) };
}

/** Fences of one kind that follow each other are shown together. */
function add(pieces: Piece[], piece: Piece): void {
  const last = pieces.at(-1);
  if (last?.kind === 'commands' && piece.kind === 'commands')
    pieces.splice(-1, 1, { kind: 'commands', all: [...last.all, ...piece.all] });
  else if (last?.kind === 'expectations' && piece.kind === 'expectations')
    pieces.splice(-1, 1, { kind: 'expectations', all: [...last.all, ...piece.all] });
  else pieces.push(piece);
}

function isHint(node: PageNode): boolean {
  return node.type === 'code' && (node as CodeNode).lang === 'hint';
}
