import { nearest } from '../nearest.ts';
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

/** Checks a fence's attributes against those that its kind knows. */
export function readAttributes(
  fence: Fence,
  info: Info,
  known: { readonly values: readonly string[]; readonly flags: readonly string[] },
  report: Report,
): Attributes {
  const at = (column: number, what: string, hint: string): void =>
    report(fence.line, fence.infoColumn + column, what, hint);
  if (info.broken) at(info.broken.column, info.broken.what, info.broken.hint);
  const names = [...known.values, ...known.flags];
  const seen = new Set<string>();
  for (const { key, value, column } of info.attributes) {
    if (seen.has(key)) at(column, `\`${key}\` is given twice`, 'keep one of them');
    seen.add(key);
    if (!names.includes(key)) {
      const near = nearest(key, names);
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
