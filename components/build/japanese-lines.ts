import { fileURLToPath } from 'node:url';
import type { MdastPluginDefinition, PluginFactoryContext } from 'satteri';
import { pageId, translationOf } from './book.ts';
import { documentAt } from './partials.ts';

// A line end in the source is a blank on the page, which Japanese has none of between its own characters.
const own = '[\\u3000-\\u30FF\\u3400-\\u9FFF\\uF900-\\uFAFF\\uFF00-\\uFFEF]';
const between = new RegExp(`(?<=${own})\\n(?=${own}|$)|(?<=[、。」）])\\n|\\n(?=[「（])`, 'g');

/** Joins the source lines of Japanese paragraphs without blanks. */
export function japaneseLines({ fileURL }: PluginFactoryContext): MdastPluginDefinition | undefined {
  const page = fileURL && documentAt(fileURLToPath(fileURL))?.page;
  const id = page === undefined ? undefined : pageId(page);
  if (id === undefined || translationOf(id).locale !== 'ja') return undefined;
  return {
    name: 'tejun-japanese-lines',
    text: (node, context) => {
      const joined = node.value.replace(between, '');
      if (joined !== node.value) context.setProperty(node, 'value', joined);
    },
  };
}
