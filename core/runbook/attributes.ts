import { nearest } from '../nearest.ts';
import { displayOptions, frames, isDisplayOption } from './display-options.ts';
import type { Info } from './info.ts';
import type { Fence } from './markdown.ts';
import type { Report } from './positions.ts';

/** The attributes of one fence, each asked for by name; what is wrong with one is reported at its place. */
export type Attributes = {
  readonly has: (key: string) => boolean;
  /** The value of `key=value`; undefined when absent, or reported when it has none. */
  readonly value: (key: string) => string | undefined;
  /** Whether the bare flag is there. */
  readonly flag: (key: string) => boolean;
  /** Reports at the place of an attribute, or of the fence when it is absent. */
  readonly wrong: (key: string | undefined, what: string, hint: string) => void;
};

/** Checks a fence's attributes against those that its kind knows; `display`: whether it is shown as code, in one way or another. */
export function readAttributes(
  fence: Fence,
  info: Info,
  known: { readonly values: readonly string[]; readonly flags: readonly string[]; readonly display: boolean },
  report: Report,
): Attributes {
  const at = (column: number, what: string, hint: string): void =>
    report(fence.line, fence.infoColumn + column, what, hint);
  if (info.broken) at(info.broken.column, info.broken.what, info.broken.hint);
  const names = [...known.values, ...known.flags];
  checkDisplay(info, known.display, at);
  const seen = new Set<string>();
  for (const { key, value, column } of info.attributes) {
    if (seen.has(key)) at(column, `\`${key}\` is given twice`, 'keep one of them');
    seen.add(key);
    if (known.display && isDisplayOption(key))
      at(
        column,
        `cannot read \`${key}=${value ?? ''}\``,
        'write words in quotes and lines in braces, as in mark="x" {1,3-5}',
      );
    else if (!names.includes(key)) {
      const near = nearest(key, names) ?? (known.display ? nearest(key, displayOptions) : undefined);
      at(
        column,
        `unknown attribute \`${key}\``,
        near ? `did you mean \`${near}\`?` : `known here are ${names.join(', ')}`,
      );
    } else if (known.flags.includes(key) && value !== undefined)
      at(column, `\`${key}\` takes no value`, `write just \`${key}\``);
    else if (known.values.includes(key) && (value === undefined || value === ''))
      at(column, `\`${key}\` needs a value`, `write \`${key}=…\``);
  }
  const find = (key: string) => info.attributes.find((attribute) => attribute.key === key);
  return {
    has: (key) => find(key) !== undefined,
    value: (key) => find(key)?.value || undefined,
    flag: (key) => find(key) !== undefined,
    wrong: (key, what, hint) => at((key === undefined ? undefined : find(key)?.column) ?? 0, what, hint),
  };
}

function checkDisplay(
  { display }: Info,
  isShown: boolean,
  at: (column: number, what: string, hint: string) => void,
): void {
  for (const { name, text, column } of display) {
    const frame = name === 'frame' ? text.replace(/^[^=]*=?/, '').replace(/^(["'])(.*)\1$/, '$2') : undefined;
    if (!isShown)
      at(column, `\`${text}\` is about how code looks, and this fence is not shown as code`, 'leave it out');
    else if (frame !== undefined && !frames.includes(frame))
      at(column, `there is no frame \`${frame}\``, `write frame=${frames.join(', frame=')}`);
  }
}
