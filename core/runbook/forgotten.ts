import { decodeString } from 'micromark-util-decode-string';
import { nearest } from '../nearest.ts';
import { parseInfo } from './info.ts';
import { stepAttributes, stepLanguages } from './step-fence.ts';

/** Why a fence that is neither a step nor judges one was probably meant to; `column` is 0-based within the info string. */
export type Forgotten = { readonly column: number; readonly what: string; readonly hint: string };

const shells: readonly string[] = [
  ...stepLanguages,
  ...'shell console zsh ksh fish cmd batch pwsh ps1 psql'.split(' '),
];
const known: readonly string[] = [...stepAttributes.values, ...stepAttributes.flags];

/** Looks for a step or an expectation that a slip of the pen turned into mere text: it would silently never be run or compared. */
export function findForgotten(info: string): Forgotten | undefined {
  const { language, attributes, broken } = parseInfo(info);
  const unread = stepPlace(info);
  if (unread !== undefined) {
    return {
      column: broken?.column ?? unread,
      what: broken?.what ?? 'this fence has `step=` but no language, so it would never run',
      hint: 'write the language first and then attributes, as in: sh step=some-id danger="deletes it all"',
    };
  }
  const meant = judging(language);
  if (meant !== undefined)
    return { column: 0, what: `\`${language}\` fences judge nothing`, hint: `did you mean \`${meant}\`?` };
  const late = attributes.find(({ key, value }) => key === 'expect' && value === undefined);
  if (late)
    return {
      column: late.column,
      what: `this fence is \`${language}\` and judges nothing`,
      hint: 'write `expect` first',
    };
  if (!shells.includes(language)) return undefined;
  for (const { key, column } of attributes) {
    if (known.includes(key))
      return {
        column,
        what: `this fence has \`${key}\` but no \`step=\`, so it would never run`,
        hint: 'add step=some-id',
      };
    if (nearest(key, ['step']) !== undefined)
      return {
        column,
        what: `unknown attribute \`${key}\`, so this fence would never run`,
        hint: 'did you mean `step`?',
      };
  }
  return undefined;
}

/** Whether an info string is that of a step, an expectation or a hint, perhaps misspelt. */
export function isMeant(info: string): boolean {
  return stepPlace(info) !== undefined || judging(parseInfo(info).language) !== undefined;
}

/** 0-based place of something like `step=`, also as Japanese keyboards write it, or with references that Markdown reads as its letters. */
function stepPlace(info: string): number | undefined {
  // Blanks keep the places of what is between quotes or only shown, which may say anything.
  const blank = (text: string): string => ' '.repeat(text.length);
  const read = parseInfo(info).display.reduce(
    (rest, { text, column }) => rest.slice(0, column) + blank(text) + rest.slice(column + text.length),
    info,
  );
  const unquoted = read.replace(/"(?:[^"\\]|\\.)*"/g, blank);
  const step = /(?<=^|[\s{,])step\s*[=:]/;
  const place = step.exec(unquoted.normalize('NFKC'))?.index;
  return place ?? (step.test(decodeString(unquoted)) ? unquoted.search(/[\\&]/) : undefined);
}

function judging(language: string): string | undefined {
  const small = language.toLowerCase();
  if (small === 'hint' || small === 'hints') return 'hint';
  return small.startsWith('expect') || nearest(small, ['expect']) !== undefined ? 'expect' : undefined;
}
