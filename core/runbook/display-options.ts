/**
 * Options of Expressive Code and its plugins for how a fence looks. Their names are read without regard to case; besides them
 * `"text"`, `'text'`, `/regex/` and `{lines}` without a name mark what they match.
 * Those that change the text itself (`useDiffSyntax`) are none: what a page shows is what runs.
 * Source: expressive-code.com, "Text & line markers", "Frames", "Word wrap", "Line numbers", "Collapsible sections".
 */
export const displayOptions: readonly string[] =
  'title frame mark ins del add rem wrap preserveIndent hangingIndent showLineNumbers startLineNumber collapse collapseStyle collapsePreserveIndent'.split(
    ' ',
  );

/** Frames that Expressive Code draws; any other ends the making of a page. */
export const frames: readonly string[] = ['code', 'terminal', 'none', 'auto', 'editor', 'shell'];

/** A word of an info string that is only about how its fence looks; `column` is 0-based. */
export type DisplayOption = {
  /** In small letters; empty for one without a name. */
  readonly name: string;
  readonly text: string;
  readonly column: number;
};

const names = new Set(displayOptions.map((name) => name.toLowerCase()));

// A value ends where its delimiter stands before a blank, as Expressive Code reads it.
const quoted = ['"…"', "'…'", '/…/'].map((pair) => pair.replace('…', '(?:[^\\\\]|\\\\.)*?')).join('|');
// Braces hold lines and nothing else: `{step=a}` is a slip of the pen.
const lines = String.raw`\{\s*(?:"[^"]+"\s*:|'[^']+'\s*:)?[\d\s,.-]*\}`;
const option = new RegExp(
  String.raw`\s+(?:(?<key>[A-Za-z]+)(?:=(?:${quoted}|${lines}|[^\s"'{]\S*))?|${quoted}|${lines})(?=\s|$)`,
  'y',
);

/** Reads the display option that begins at `from`, with the blanks before it; undefined when there is none. */
export function readDisplayOption(info: string, from: number): (DisplayOption & { readonly end: number }) | undefined {
  option.lastIndex = from;
  const match = option.exec(info);
  if (!match) return undefined;
  const name = match.groups?.key?.toLowerCase() ?? '';
  if (name !== '' && !names.has(name)) return undefined;
  const [whole] = match;
  const text = whole.trimStart();
  return { name, text, column: from + whole.length - text.length, end: from + whole.length };
}

/** Whether a word is the name of a display option. */
export function isDisplayOption(name: string): boolean {
  return names.has(name.toLowerCase());
}
