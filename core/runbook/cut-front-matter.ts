/** A document's front matter, as Astro finds it. */
export type CutFrontMatter = {
  readonly form: 'YAML' | 'TOML';
  readonly text: string;
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
  return {
    form: fence === '+++' ? 'TOML' : 'YAML',
    text: text.replace(/\r?\n$/, ''),
    line: source.slice(0, start).split(/\r\n|\n|\r/).length,
    start,
    end: match.index + whole.length,
  };
}

/** The document without it: blanks in its place, so that all else stays where it is. */
export function withoutFrontMatter(source: string, { start, end }: CutFrontMatter): string {
  return source.slice(0, start) + source.slice(start, end).replace(/[^\r\n]/g, ' ') + source.slice(end);
}
