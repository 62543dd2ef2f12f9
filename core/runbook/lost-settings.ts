import type { Nodes, Root } from 'mdast';
import type { LostText } from './lost-fences.ts';

const what = 'this is no front matter, so it says nothing';
const hint =
  'the front matter stands at the very top: YAML between two lines of `---`, with nothing before either, not even a blank';

/**
 * Finds settings that stand in a document's text: below something else, after a blank, or between fences that are not closed.
 * `hasFront`: whether it has a front matter besides.
 */
export function findLostSettings(root: Root, source: string, hasFront: boolean): readonly LostText[] {
  const lines = source.split(/\r\n|\n|\r/);
  const below = settingsBelow(root, lines);
  return below.length > 0 || hasFront ? below : lostFence(lines);
}

/** The line with which a document begins as if with front matter. */
function lostFence(lines: readonly string[]): readonly LostText[] {
  const index = lines.findIndex((text) => text.trim() !== '');
  const [first = '', next = ''] = lines.slice(index);
  const isFence = /^\s*(?:-{3,}|\+{3,}|;{3,})\s*$/.test(first);
  const isSetting = /^\s*(?:["']?[A-Za-z][\w.-]*["']?\s*(?:[:：](?:\s|$)|=)|\{\s*"|\[{1,2}[\w.-]+\]{1,2}\s*$)/.test(
    next,
  );
  if (!isFence || !isSetting) return [];
  return [{ kind: 'lost', line: index + 1, column: 1, what, hint }];
}

function settingsBelow(node: Nodes, lines: readonly string[]): readonly LostText[] {
  const { type, position } = node;
  if (!position || (type !== 'paragraph' && type !== 'heading'))
    return 'children' in node ? node.children.flatMap((child) => settingsBelow(child, lines)) : [];
  const { start, end } = position;
  return lines.slice(start.line - 1, end.line).flatMap((text, index): LostText[] => {
    const before = /^(?:[\s>{-]|\d+[.)])*["']?(?=tejun["']?\s*[:：]\s*(?:$|[{#]))/i.exec(text)?.[0];
    if (before === undefined) return [];
    return [{ kind: 'lost', line: start.line + index, column: before.length + 1, what, hint }];
  });
}
