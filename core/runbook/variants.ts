import { exclude } from './condition.ts';
import type { Variant } from './model.ts';
import { type Reports, tellLine } from './positions.ts';

/** Reports variants of which two can apply to the same host: then nobody could say which one is meant. */
export function checkVariants(what: string, variants: readonly Variant<unknown>[], reports: Reports): void {
  variants.forEach((later, index) => {
    for (const earlier of variants.slice(0, index)) {
      if (exclude(earlier.when, later.when)) continue;
      if (unread(earlier) || unread(later) || !comparable(earlier, later)) continue;
      const unconditional = later.when.length === 0 || earlier.when.length === 0;
      const hint = unconditional
        ? 'give each of them a `when=` that excludes the other'
        : 'change one `when=` so that only one of them can hold';
      reports(later.file)(
        later.line,
        1,
        `this ${what} and the one in ${tellLine(earlier, later)} can both apply`,
        hint,
      );
      return;
    }
  });
}

/** Whether one condition asks for no other facts than the other; where both do, they may exclude each other on all real hosts. */
function comparable(a: Variant<unknown>, b: Variant<unknown>): boolean {
  const within = (one: Variant<unknown>, other: Variant<unknown>): boolean =>
    one.when.every(({ fact }) => other.when.some((clause) => clause.fact === fact));
  return within(a, b) || within(b, a);
}

/** Whether its condition was reported as unreadable: then nothing is known about it. */
function unread({ when, whenText }: Variant<unknown>): boolean {
  return when.length === 0 && whenText !== '';
}
