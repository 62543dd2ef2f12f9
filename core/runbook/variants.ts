import { exclude } from './condition.ts';
import type { Variant } from './model.ts';
import type { Report } from './positions.ts';

/** Reports variants of which two can apply to the same host: then nobody could say which one is meant. */
export function checkVariants(what: string, variants: readonly Variant<unknown>[], report: Report): void {
  variants.forEach((later, index) => {
    for (const earlier of variants.slice(0, index)) {
      if (exclude(earlier.when, later.when)) continue;
      const unconditional = later.when.length === 0 || earlier.when.length === 0;
      if (!unconditional && !sameFacts(earlier, later)) continue;
      const hint = unconditional
        ? 'give each of them a `when=` that excludes the other'
        : 'change one `when=` so that only one of them can hold';
      report(later.line, 1, `this ${what} and the one in line ${earlier.line} can both apply`, hint);
      return;
    }
  });
}

/** Conditions on different facts may well exclude each other on all real hosts; that is decided when facts are known. */
function sameFacts(a: Variant<unknown>, b: Variant<unknown>): boolean {
  const facts = (variant: Variant<unknown>) => [...new Set(variant.when.map(({ fact }) => fact))].sort().join();
  return facts(a) === facts(b);
}
