import type { MdastTarget } from 'satteri';
import { parseInfo } from '../../core/runbook/info.ts';
import { visible } from './visible-text.ts';

/** A node of a page while it is being built. */
export type PageNode = MdastTarget;

/** Attributes of an element; those that are undefined or false are left out. */
export type Attributes = Readonly<Record<string, string | boolean | undefined>>;

/** An HTML element around other nodes. */
export function element(tag: string, attributes: Attributes, ...children: readonly (PageNode | undefined)[]): PageNode {
  // Any Markdown node can become any element; a paragraph takes children.
  return {
    type: 'paragraph',
    data: { hName: tag, hProperties: present(attributes) },
    children: children.filter((child) => child !== undefined),
  } as unknown as PageNode;
}

/** An HTML element with text that is kept to the letter, blanks included. */
export function leaf(tag: string, attributes: Attributes, value: string): PageNode {
  return {
    type: 'paragraph',
    data: { hName: tag, hProperties: present(attributes), hChildren: [{ type: 'text', value }] },
    children: [],
  } as unknown as PageNode;
}

/** An expectation as its author wrote it; what stands for other text looks other than what is meant to the letter. */
export function expectation(body: string): PageNode {
  const pieces = body.split(/(\{\{.*?\}\}|^[ \t]*(?:\.\.\.|（(?:中略|省略|以下略)）)[ \t]*$)/m);
  const hChildren = pieces.map((value, index) => {
    const node = { type: 'text', value: visible(value) };
    return index % 2 === 1 ? { type: 'element', tagName: 'i', properties: {}, children: [node] } : node;
  });
  return {
    type: 'paragraph',
    data: { hName: 'pre', hProperties: { class: 'output' }, hChildren },
    children: [],
  } as never;
}

/** Text between elements. */
export function text(value: string): PageNode {
  return { type: 'text', value };
}

/** A fence that Expressive Code highlights, with the options that its author gave it. */
export function fence(language: string, value: string, display = ''): PageNode {
  const given = parseInfo(`x ${display}`).display.map(({ name }) => name);
  // A title stands in a frame.
  const frame = given.includes('frame') || given.includes('title') ? [] : ['frame="none"'];
  const wrap = given.includes('wrap') ? [] : ['wrap'];
  const meta = [...frame, ...wrap, display].join(' ').trim();
  return { type: 'code', lang: language, meta, value };
}

/** Text in which words in backticks are code. */
export function prose(value: string): readonly PageNode[] {
  return value
    .split(/`([^`\n]+)`/)
    .map((piece, index) => ({ type: index % 2 === 1 ? ('inlineCode' as const) : ('text' as const), value: piece }))
    .filter((node) => node.value !== '');
}

function present(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined && value !== false));
}
