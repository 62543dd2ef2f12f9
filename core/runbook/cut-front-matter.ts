/** A document's front matter, as Astro finds it. */
export type CutFrontMatter = {
  readonly form: 'YAML' | 'TOML';
  readonly text: string;
  /** The line that ends it, when that is another one than a fence as the first. */
  readonly strangeEnd: { readonly line: number; readonly text: string } | undefined;
  /** Line and offset at which it opens, and the offset at which the document goes on. */
  readonly line: number;
  readonly start: number;
  readonly end: number;
};

/** As `@astrojs/internal-helpers` 0.11 has it: also after blank lines, also TOML, and ended by any line that begins so. */
const form = /(?:^\uFEFF?|^\s*\n)(---|\+\+\+)([\s\S]*?\n)(?:---|\+\+\+)/;

/** Finds the front matter of a document; undefined when it has none. */
export function cutFrontMatter(source: string): CutFrontMatter | undefined {
  const match = form.exec(source);
  if (!match) return undefined;
  const [whole, fence = '', text = ''] = match;
  const start = match.index + whole.length - fence.length * 2 - text.length;
  const end = match.index + whole.length;
  const last = source.slice(end - fence.length).split(/\r\n|\n|\r/)[0] ?? '';
  const lines = (offset: number): number => source.slice(0, offset).split(/\r\n|\n|\r/).length;
  return {
    form: fence === '+++' ? 'TOML' : 'YAML',
    text: text.replace(/\r?\n$/, ''),
    line: lines(start),
    strangeEnd: last.trimEnd() === fence ? undefined : { line: lines(end), text: last.trimEnd() },
    start,
    end,
  };
}

/** The document without it: blanks in its place, so that all else stays where it is. */
export function withoutFrontMatter(source: string, { start, end }: CutFrontMatter): string {
  return source.slice(0, start) + source.slice(start, end).replace(/[^\r\n]/g, ' ') + source.slice(end);
}
