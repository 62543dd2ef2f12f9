import type { Root } from 'mdast';
import type { LostText } from './lost-fences.ts';

/** Finds a `tejun:` that stands in a document's text: below something else, after a blank, or between fences that are not closed. */
export function findLostSettings(root: Root, source: string): readonly LostText[] {
  const lines = source.split(/\r\n|\n|\r/);
  return root.children.flatMap(({ type, position }) => {
    if (!position || (type !== 'paragraph' && type !== 'heading')) return [];
    const { start, end } = position;
    return lines.slice(start.line - 1, end.line).flatMap((text, index): LostText[] => {
      const column = /^\s*["']?(?=tejun["']?\s*:\s*(?:$|\{))/i.exec(text)?.[0].length;
      if (column === undefined) return [];
      return [
        {
          kind: 'lost',
          line: start.line + index,
          column: column + 1,
          what: 'this is no front matter, so it says nothing',
          hint: 'the front matter stands at the very top: YAML between two lines of `---`, with nothing before either',
        },
      ];
    });
  });
}
