import type { MdastVisitorContext } from 'satteri';
import type { PageNode } from './nodes.ts';

type Parent = { readonly type: string; readonly children: readonly PageNode[] };

/**
 * Changes in a page's tree, made together at the end: a node that is taken out by itself would be lost also where it was
 * put in anew.
 */
export class Rearranged {
  readonly #context: MdastVisitorContext;
  readonly #replaced = new Map<Parent, Map<number, PageNode | undefined>>();

  constructor(context: MdastVisitorContext) {
    this.#context = context;
  }

  /** Puts something in a node's place. */
  replace(node: PageNode, by: PageNode): void {
    this.#set(node, by);
  }

  /** Takes a node from its place; it may be within what replaces another. */
  remove(node: PageNode): void {
    this.#set(node, undefined);
  }

  /** Makes the changes, and puts `first`, if there is one, at the beginning of the page. */
  apply(root: PageNode, first: PageNode | undefined): void {
    let begun = first === undefined;
    for (const [parent, replaced] of this.#replaced) {
      const children = parent.children.flatMap((child, index) => {
        const by = replaced.has(index) ? replaced.get(index) : child;
        return by === undefined ? [] : [by];
      });
      const isRoot = parent.type === 'root';
      this.#context.setProperty(parent as PageNode, 'children', isRoot && first ? [first, ...children] : children);
      begun ||= isRoot;
    }
    if (!begun && first) this.#context.prependChild(root, first);
  }

  #set(node: PageNode, by: PageNode | undefined): void {
    const parent = this.#context.parent(node) as Parent | undefined;
    const index = this.#context.indexOf(node);
    if (!parent || index === undefined) throw new Error('a fence has no place on its page');
    const replaced = this.#replaced.get(parent) ?? new Map<number, PageNode | undefined>();
    this.#replaced.set(parent, replaced.set(index, by));
  }
}
