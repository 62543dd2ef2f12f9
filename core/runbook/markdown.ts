import type { Code, Nodes, Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { mdxFromMarkdown } from 'mdast-util-mdx';
import { gfm } from 'micromark-extension-gfm';
import { mdxjs } from 'micromark-extension-mdxjs';
import { type CutFrontMatter, cutFrontMatter, withoutFrontMatter } from './cut-front-matter.ts';
import { type Imports, isDocument, readImports } from './imports.ts';
import { findLostFences, type LostText } from './lost-fences.ts';
import { findLostSettings } from './lost-settings.ts';
import type { FenceBody } from './model.ts';
import type { Report } from './positions.ts';

/** A heading, the front matter, a fence or another document, in document order; then the fences that Markdown does not see. */
export type Piece = Text | Element;

/** A piece that stands in a document itself. `file` names the document unless it is the page. */
export type Text =
  | { readonly kind: 'heading'; readonly file: string | undefined; readonly text: string }
  | FrontMatterText
  | (LostText & { readonly file: string | undefined })
  | Fence;

/** `line` is that of the first line of `text`, which is what stands behind the opening fence. */
export type FrontMatterText = Pick<CutFrontMatter, 'form' | 'text' | 'line' | 'strangeEnd'> & {
  readonly kind: 'front-matter';
  readonly file: string | undefined;
};

/** An element that shows another document, with what stands between its tags. */
export type Element = {
  readonly kind: 'element';
  readonly name: string;
  readonly line: number;
  readonly column: number;
  readonly children: readonly Piece[];
};

/** A fenced code block with its places in the document. */
export type Fence = {
  readonly kind: 'fence';
  /** The document in which it stands; undefined: the page. */
  readonly file: string | undefined;
  /** What stands behind the backticks, as written. */
  readonly info: string;
  readonly text: string;
  /** 1-based line of the opening fence, and column of its info string. */
  readonly line: number;
  readonly infoColumn: number;
  readonly body: FenceBody;
  readonly closed: boolean;
};

/** The pieces of a document that matter to a runbook, and what it imports. `.md` files are read without the MDX syntax. */
export function readPieces(
  document: string,
  path: string,
  file: string | undefined,
  report: Report,
): { readonly pieces: readonly Piece[]; readonly imports: Imports } {
  // The parser drops a byte order mark and then counts without it.
  const mark = document.startsWith('\uFEFF') ? 1 : 0;
  const written = document.slice(mark);
  const front = cutFrontMatter(written);
  const source = front ? withoutFrontMatter(written, front) : written;
  const root = parse(source, path, report);
  if (!root) return { pieces: [], imports: { documents: [], hidden: [] } };
  const lineStarts = [0, ...[...source.matchAll(/\r\n|\n|\r/g)].map((match) => match.index + match[0].length)];
  const imports = readImports(root);
  const elements = new Set(imports.documents.flatMap((one) => one.elements));
  const piecesIn = (node: Nodes): readonly Piece[] => {
    const position = node.position;
    const inside = (): readonly Piece[] => ('children' in node ? node.children.flatMap(piecesIn) : []);
    switch (node.type) {
      case 'heading':
        return [{ kind: 'heading', file, text: textOf(node).trim() }];
      case 'code': {
        const fence = readFence(node, file, source, lineStarts);
        if (!fence) return [];
        const { body } = fence;
        return [{ ...fence, body: { ...body, start: body.start + mark, end: body.end + mark } }];
      }
      case 'mdxJsxFlowElement':
      case 'mdxJsxTextElement': {
        const name = node.name ?? '';
        if (!position || !elements.has(name)) return inside();
        const { line, column } = position.start;
        return [{ kind: 'element', name, line, column, children: inside() }];
      }
      default:
        return inside();
    }
  };
  const lost = [...findLostFences(root, source), ...findLostSettings(root, source, front !== undefined)].map((one) => ({
    ...one,
    file,
  }));
  const first: readonly Piece[] = front ? [{ kind: 'front-matter', file, ...front }] : [];
  return { pieces: [...first, ...piecesIn(root), ...lost], imports };
}

/** Undefined for code that is indented instead of fenced. */
function readFence(
  { value, position }: Code,
  file: string | undefined,
  source: string,
  lineStarts: readonly number[],
): Fence | undefined {
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
    file,
    info: opening.slice(fence[0].length).trimEnd(),
    text,
    line: start.line,
    infoColumn: start.column + fence[0].length,
    body: {
      file,
      start: lineStarts[start.line] ?? source.length,
      end: closed ? (lineStarts[end.line - 1] ?? source.length) : source.length,
      line: start.line + 1,
      // A list marker before the opening fence is blanks on the lines that follow.
      indent: before.replace(/[^\s>]/g, ' '),
    },
    closed,
  };
}

function parse(source: string, path: string, report: Report): Root | undefined {
  const plain = isDocument(path) && !path.endsWith('.mdx');
  try {
    return fromMarkdown(source, {
      extensions: [gfm(), ...(plain ? [] : [mdxjs()])],
      mdastExtensions: [gfmFromMarkdown(), ...(plain ? [] : [mdxFromMarkdown()])],
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
