import type { Code, Nodes, Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { frontmatterFromMarkdown } from 'mdast-util-frontmatter';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { mdxFromMarkdown } from 'mdast-util-mdx';
import { frontmatter } from 'micromark-extension-frontmatter';
import { gfm } from 'micromark-extension-gfm';
import { mdxjs } from 'micromark-extension-mdxjs';
import { findLostFences, type LostFence } from './lost-fences.ts';
import type { FenceBody } from './model.ts';
import type { Report } from './positions.ts';

/** A heading, the front matter or a fence, in document order; then the fences that Markdown does not see. */
export type Piece =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'front-matter'; readonly text: string; readonly line: number }
  | LostFence
  | Fence;

/** A fenced code block with its places in the document. */
export type Fence = {
  readonly kind: 'fence';
  /** What stands behind the backticks, as written. */
  readonly info: string;
  readonly text: string;
  /** 1-based line of the opening fence, and column of its info string. */
  readonly line: number;
  readonly infoColumn: number;
  readonly body: FenceBody;
  readonly closed: boolean;
};

/** The pieces of a page that matter to a runbook. `.md` files are read without the MDX syntax. */
export function readPieces(document: string, file: string, report: Report): readonly Piece[] {
  // The parser drops a byte order mark and then counts without it.
  const mark = document.startsWith('\uFEFF') ? 1 : 0;
  const source = document.slice(mark);
  const root = parse(source, file, report);
  if (!root) return [];
  const lineStarts = [0, ...[...source.matchAll(/\r\n|\n|\r/g)].map((match) => match.index + match[0].length)];
  const pieces: Piece[] = [];
  const walk = (node: Nodes): void => {
    const position = node.position;
    if (node.type === 'heading') pieces.push({ kind: 'heading', text: textOf(node).trim() });
    else if (node.type === 'yaml' && position)
      pieces.push({ kind: 'front-matter', text: node.value, line: position.start.line + 1 });
    else if (node.type === 'code') {
      const fence = readFence(node, source, lineStarts);
      if (!fence) return;
      const { body } = fence;
      pieces.push({ ...fence, body: { ...body, start: body.start + mark, end: body.end + mark } });
    } else if ('children' in node) for (const child of node.children) walk(child);
  };
  walk(root);
  return [...pieces, ...findLostFences(root, source)];
}

/** Undefined for code that is indented instead of fenced. */
function readFence({ value, position }: Code, source: string, lineStarts: readonly number[]): Fence | undefined {
  if (!position) return undefined;
  const { start, end } = position;
  const opening = source.slice(start.offset, lineStarts[start.line] ?? source.length);
  const fence = /^(`{3,}|~{3,})[ \t]*/.exec(opening);
  if (!fence) return undefined;
  const before = source.slice(lineStarts[start.line - 1], start.offset);
  const last = source.slice(lineStarts[end.line - 1], end.offset);
  const text = value.replace(/\r\n?/g, '\n');
  // A line that looks like the closing fence but is the body's last one is indented too far to close anything.
  const lines = text === '' ? 0 : text.split('\n').length;
  const closed =
    end.line > start.line + lines && new RegExp(`^[\\s>]*${fence[1]?.[0]}{${fence[1]?.length},}\\s*$`).test(last);
  return {
    kind: 'fence',
    info: opening.slice(fence[0].length).trimEnd(),
    text,
    line: start.line,
    infoColumn: start.column + fence[0].length,
    body: {
      start: lineStarts[start.line] ?? source.length,
      end: closed ? (lineStarts[end.line - 1] ?? source.length) : source.length,
      line: start.line + 1,
      // A list marker before the opening fence is blanks on the lines that follow.
      indent: before.replace(/[^\s>]/g, ' '),
    },
    closed,
  };
}

function parse(source: string, file: string, report: Report): Root | undefined {
  const plain = file.endsWith('.md');
  try {
    return fromMarkdown(source, {
      extensions: [frontmatter('yaml'), gfm(), ...(plain ? [] : [mdxjs()])],
      mdastExtensions: [frontmatterFromMarkdown('yaml'), gfmFromMarkdown(), ...(plain ? [] : [mdxFromMarkdown()])],
    });
  } catch (error) {
    // The parser throws a vfile-message: a reason with the place.
    const { reason, line, column, place } = error as {
      reason?: string;
      line?: number;
      column?: number;
      place?: { line?: number; column?: number; start?: { line: number; column: number } };
    };
    const at = place?.start ?? place;
    report(
      line ?? at?.line ?? 1,
      column ?? at?.column ?? 1,
      `not valid MDX: ${reason ?? String(error)}`,
      'in MDX, `<`, `{` and `}` in prose need a backslash or backticks',
    );
    return undefined;
  }
}

function textOf(node: Nodes): string {
  if ('value' in node) return node.value;
  return 'children' in node ? node.children.map(textOf).join('') : '';
}
