import type { Problem } from '../problem.ts';
import type { Part } from './model.ts';
import type { Place } from './parts.ts';

/** Parts with where they stand, for checks over a whole expectation. */
export type PlacedParts = { readonly parts: readonly Part[]; readonly place: Place };

/** Finds names that are captured twice, and names used in the expectation that captures them. */
export function checkCaptureNames(all: readonly PlacedParts[], problems: Problem[]): void {
  const first = new Map<string, Place>();
  for (const { parts, place } of all) {
    for (const part of parts) {
      if (part.kind === 'literal' || part.kind === 'use' || part.capture === undefined) continue;
      const earlier = first.get(part.capture);
      if (earlier === undefined) first.set(part.capture, place);
      else {
        problems.push({
          ...place,
          what: `\`${part.capture}\` is captured twice, first on line ${earlier.line}`,
          hint: 'give the second capture a name of its own',
        });
      }
    }
  }
  for (const { parts, place } of all) {
    for (const part of parts) {
      if (part.kind !== 'use' || !first.has(part.name)) continue;
      problems.push({
        ...place,
        what: `\`{{${part.name}}}\` is used in the expectation that captures it`,
        hint: 'a captured value can be used from the next step on; compare the two values in a step of their own',
      });
    }
  }
}
