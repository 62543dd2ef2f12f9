import { decodeString } from 'micromark-util-decode-string';
import { type DisplayOption, readDisplayOption } from './display-options.ts';

/** A word of a fence's info string: `key=value`, or a bare flag without a value. `column` is 0-based within the info string. */
export type Attribute = { readonly key: string; readonly value: string | undefined; readonly column: number };

/** What stands behind the backticks of a fence. */
export type Info = {
  readonly language: string;
  readonly attributes: readonly Attribute[];
  /** What is only about how the fence looks. */
  readonly display: readonly DisplayOption[];
  /** Place and kind of what could not be read. */
  readonly broken: { readonly column: number; readonly what: string; readonly hint: string } | undefined;
};

/** Splits an info string such as `sh step=dump danger="deletes \"all\"" background`. Its words are read as Markdown reads them. */
export function parseInfo(info: string): Info {
  const written = /^\S*/.exec(info)?.[0] ?? '';
  const language = decodeString(written);
  const attributes: Attribute[] = [];
  const display: DisplayOption[] = [];
  const word = /\s+(?:([A-Za-z][\w-]*)(?:=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*)))?(?=\s|$))?/y;
  word.lastIndex = written.length;
  while (word.lastIndex < info.length) {
    const at = word.lastIndex;
    const shown = readDisplayOption(info, at);
    if (shown) {
      const { end, ...option } = shown;
      display.push(option);
      word.lastIndex = end;
      continue;
    }
    const match = word.exec(info);
    const [whole = '', key, quoted, bare] = match ?? [];
    if (key === undefined) {
      if (match && at + whole.length >= info.length) break;
      const column = at + whole.length;
      const rest = info.slice(column).split(/\s/)[0] ?? '';
      const hint = 'attributes look like key=value, key="a value with spaces", or a bare flag';
      return { language, attributes, display, broken: { column, what: `cannot read the attribute \`${rest}\``, hint } };
    }
    const text = quoted ?? bare;
    const value = text === undefined ? undefined : decodeString(text);
    attributes.push({ key, value, column: at + whole.length - whole.trimStart().length });
  }
  return { language, attributes, display, broken: undefined };
}
